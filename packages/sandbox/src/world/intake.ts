/** How rows of one kind come into the company over time: a growing history, then a steady rate a day. */
import { HISTORY_DAYS } from "./calendar.ts";

/** Rows are numbered in the order in which they come in, so both directions are cheap. */
export interface Intake {
  /** Rows that exist at the base "now". */
  readonly base: number;
  /** Rows that exist at the world's "now". */
  readonly total: number;
  /** The day on which row `index` comes in. */
  dayOf(index: number): number;
  /** How many rows came in up to and including a day. */
  countThrough(day: number): number;
}

/**
 * @param base rows at the base "now"
 * @param perDay rows a day after it; may be a fraction
 * @param step days the world's clock was advanced
 * @param early share of `base` that is there from the first day
 */
export function makeIntake(base: number, perDay: number, step: number, early = 0): Intake {
  const dayOf = (index: number): number => {
    if (index >= base) return HISTORY_DAYS + Math.floor((index - base) / perDay);
    const share = ((index + 0.5) / base - early) / (1 - early);
    if (share <= 0) return 0;
    // share ** 0.75 by square roots alone, which every platform rounds alike.
    const root = Math.sqrt(Math.sqrt(share));
    return Math.min(HISTORY_DAYS - 1, Math.floor(HISTORY_DAYS * root * root * root));
  };
  const guess = (day: number): number => {
    if (day < 0) return 0;
    if (day >= HISTORY_DAYS) return base + Math.ceil((day - HISTORY_DAYS + 1) * perDay);
    const share = ((day + 1) / HISTORY_DAYS) ** (4 / 3);
    return Math.min(base, Math.ceil((share * (1 - early) + early) * base));
  };
  const countThrough = (day: number): number => {
    let count = guess(day);
    while (count > 0 && dayOf(count - 1) > day) count--;
    while (dayOf(count) <= day) count++;
    return count;
  };
  return { base, dayOf, countThrough, total: countThrough(HISTORY_DAYS + step - 1) };
}
