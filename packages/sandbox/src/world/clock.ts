/** What all kinds of rows share: the seed, the scale, and the last day that is over. */
import { HISTORY_DAYS, startOfDay } from "./calendar.ts";
import type { Dice } from "./dice.ts";
import { makeDice } from "./dice.ts";

export interface Clock {
  readonly seed: number;
  readonly step: number;
  /** The last day that is over; nothing after it has happened yet. */
  readonly lastDay: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  dice(label: string): Dice;
}

export function makeClock(seed: number, step: number): Clock {
  return {
    seed,
    step,
    lastDay: HISTORY_DAYS + step - 1,
    now: startOfDay(HISTORY_DAYS + step),
    dice: (label) => makeDice(seed, label),
  };
}
