/** Days, ISO weeks and months, and which of them an instant falls into. */
import { DateTime } from "luxon";
import type { Day, Instant } from "./common-model.ts";

export type Period = "week" | "month";

/** "The calendar day of a timestamp in the warehouse zone." */
export function dayOf(instant: Instant, zone: string): Day {
  return DateTime.fromMillis(instant, { zone }).toISODate()!;
}

/** "Used as a timestamp it is 00:00 of that day in the warehouse zone." */
export function startOfDay(day: Day, zone: string): Instant {
  return DateTime.fromISO(day, { zone }).toMillis();
}

/** First day of the ISO week (Monday) or month a day falls into. */
export function startOf(period: Period, day: Day): Day {
  return utc(day).startOf(period).toISODate()!;
}

/** The start of the period `count` periods later. */
export function addPeriods(period: Period, start: Day, count: number): Day {
  return utc(start)
    .plus(period === "week" ? { weeks: count } : { months: count })
    .toISODate()!;
}

/** Last day of the month a day falls into. */
export function endOfMonth(day: Day): Day {
  return utc(day).endOf("month").toISODate()!;
}

/** The day twelve months before; of 29 February, 28 February. */
export function yearBefore(day: Day): Day {
  return utc(day).minus({ months: 12 }).toISODate()!;
}

/** Whole days from one day to another, negative if the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function utc(day: Day): DateTime {
  return DateTime.fromISO(day, { zone: "utc" });
}
