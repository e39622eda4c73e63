/** The whole course of one subscription, from the order to its end, independent of how far the clock has come. */
import { momentOf, toWorkday } from "../calendar.ts";
import type { Dice } from "../dice.ts";

export type Cause = "Order" | "UpdateProduct" | "Renewal" | "Cancellation";

/** Every change of a subscription makes a new version of it with an id of its own. */
export interface Version {
  /** Counted from 1. */
  readonly number: number;
  readonly cause: Cause;
  readonly day: number;
  readonly at: number;
  readonly termStartDay: number;
  readonly termEndDay: number;
  /** The day the service ends; null while it renews itself. */
  readonly endDay: number | null;
  readonly isCancelled: boolean;
  /** A month, in reporting currency, of the base plan and of what was added later. */
  readonly mrr: number;
  readonly addedMrr: number;
}

export interface SubscriptionCourse {
  readonly startDay: number;
  /** Days on which the first version leaves Draft, PendingActivation and PendingAcceptance. */
  readonly steps: readonly [number, number, number];
  readonly versions: readonly Version[];
  readonly deletedDay: number | null;
}

/** Versions a key has room for. */
export const MOST_VERSIONS = 16;
const TERM_DAYS = 365;
const MOST_TERMS = 12;

/** @param key identifies the subscription to the dice */
export function planSubscription(
  dice: Dice,
  key: number,
  wonDay: number,
  value: number,
): SubscriptionCourse {
  const startDay = toWorkday(wonDay + 1 + Math.floor(dice(key, 1) * 4));
  const mrr = key % 37 === 9 ? 0 : value / 12;
  const versions: Version[] = [];
  let addedMrr = 0;
  let termStartDay = startDay;
  let endDay: number | null = null;
  const note = (cause: Cause, day: number): void => {
    const number = versions.length + 1;
    const at = momentOf(day, dice(key, 20 + number));
    const isCancelled = cause === "Cancellation";
    const termEndDay = termStartDay + TERM_DAYS;
    versions.push({
      ...{ number, cause, day, at, termStartDay, termEndDay, endDay, isCancelled, mrr, addedMrr },
    });
  };
  note("Order", startDay);
  const upgradeDay = dice(key, 2) < 0.3 ? startDay + 40 + Math.floor(dice(key, 3) * 280) : null;
  for (let term = 0; term < MOST_TERMS; term++) {
    const lastDay = termStartDay + TERM_DAYS;
    if (term === 0 && upgradeDay !== null) {
      addedMrr = mrr * 0.2;
      note("UpdateProduct", upgradeDay);
    }
    const fate = dice(key, 100 + term);
    if (fate < 0.04) {
      // Leaves in mid-term, after any upgrade.
      endDay = termStartDay + 330 + Math.floor(dice(key, 120 + term) * 30);
      note("Cancellation", endDay);
      break;
    }
    if (fate < 0.16) {
      endDay = lastDay;
      note("Cancellation", lastDay - 1 - Math.floor(dice(key, 140 + term) * 5));
      break;
    }
    termStartDay = lastDay;
    note("Renewal", lastDay);
  }
  const draft = startDay + (dice(key, 4) < 0.15 ? 1 + Math.floor(dice(key, 5) * 12) : 0);
  const activation = draft + (dice(key, 6) < 0.2 ? 1 + Math.floor(dice(key, 7) * 10) : 0);
  const acceptance = activation + (dice(key, 8) < 0.2 ? 1 + Math.floor(dice(key, 9) * 10) : 0);
  const deletedDay = key % 29 === 20 ? startDay + 60 + Math.floor(dice(key, 10) * 300) : null;
  return { startDay, steps: [draft, activation, acceptance], versions, deletedDay };
}
