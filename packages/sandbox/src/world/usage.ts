/** How much some accounts use the product, month by month, with numbers too long for a double. */
import type { Accounts } from "./accounts.ts";
import { momentOf, monthAfterStart, monthOf, startOfDay } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";

/** Months after January 2024 a key has room for. */
const MOST_MONTHS = 128;

export interface Usage {
  readonly key: number;
  readonly accountKey: number;
  readonly periodStart: number;
  readonly activeUsers: string;
  readonly events: string;
  /** Eighteen digits, four of them after the point. */
  readonly meter: string;
  readonly share: string | null;
  /** Grows by itself: no change of the row. */
  readonly ageInDays: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export function makeUsage(clock: Clock, accounts: Accounts): { table(): Table<Usage> } {
  const roll = clock.dice("usage");

  const stateOf = (key: number) => {
    const { endDay } = monthAfterStart(key % MOST_MONTHS);
    const createdAt = momentOf(endDay, roll(key, 1));
    const correctedDay = roll(key, 2) < 0.3 ? endDay + 1 + Math.floor(roll(key, 3) * 9) : null;
    const corrected = correctedDay !== null && correctedDay <= clock.lastDay;
    const deletedDay = roll(key, 4) < 0.01 ? endDay + 12 : null;
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    let changedAt = corrected ? momentOf(correctedDay, roll(key, 5)) : createdAt;
    if (isDeleted) changedAt = momentOf(deletedDay, roll(key, 6));
    return { createdAt, changedAt, isDeleted, corrected };
  };
  const rowOf = (key: number): Usage => {
    const month = key % MOST_MONTHS;
    const state = stateOf(key);
    const { startDay, endDay } = monthAfterStart(month);
    const activeUsers = 5 + Math.floor(roll(key, 7) * 400) + (state.corrected ? 1 : 0);
    return {
      key,
      accountKey: Math.floor(key / MOST_MONTHS),
      periodStart: startOfDay(startDay),
      activeUsers: `${activeUsers}.0`,
      events: `${activeUsers * 1371}.0`,
      meter: key === 0 ? "12345678901234.5678" : meterOf(roll(key, 8), roll(key, 9)),
      share: roll(key, 10) < 0.1 ? null : (roll(key, 11) * 100).toFixed(3),
      ageInDays: clock.lastDay - endDay,
      createdAt: state.createdAt,
      changedAt: state.changedAt,
      isDeleted: state.isDeleted,
    };
  };
  const table = (): Table<Usage> =>
    makeTable<Usage>((emit) => {
      const months = Math.min(MOST_MONTHS, monthOf(clock.lastDay));
      for (let account = 0; account < accounts.intake.total; account += 10) {
        for (let month = monthOf(accounts.intake.dayOf(account)); month < months; month++) {
          const key = account * MOST_MONTHS + month;
          const state = stateOf(key);
          emit(key, state.changedAt, state.isDeleted);
        }
      }
    }, rowOf);
  return { table };
}

/** Fourteen and four digits; never zero-led, never ending in a zero, so that any loss shows. */
function meterOf(high: number, low: number): string {
  const whole = `${1 + Math.floor(high * 9)}${String(Math.floor(low * 1e9)).padStart(9, "0")}`;
  return `${whole}${1000 + Math.floor(high * 8999)}.${1 + Math.floor(low * 9)}${String(Math.floor(high * 100)).padStart(2, "0")}${1 + Math.floor(low * 9)}`;
}
