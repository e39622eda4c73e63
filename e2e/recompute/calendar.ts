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
  if (period === "month") return `${day.slice(0, 7)}-01`;
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return dayOfDate(date);
}

/** The start of the period `count` periods later. */
export function addPeriods(period: Period, start: Day, count: number): Day {
  const date = new Date(start);
  if (period === "week") date.setUTCDate(date.getUTCDate() + 7 * count);
  else date.setUTCMonth(date.getUTCMonth() + count);
  return dayOfDate(date);
}

/** Last day of the month a day falls into. */
export function endOfMonth(day: Day): Day {
  const date = new Date(addPeriods("month", startOf("month", day), 1));
  date.setUTCDate(0);
  return dayOfDate(date);
}

/** The day twelve months before; of 29 February, 28 February. */
export function yearBefore(day: Day): Day {
  const month = addPeriods("month", startOf("month", day), -12);
  const [same, last] = [month.slice(0, 8) + day.slice(8), endOfMonth(month)];
  return same < last ? same : last;
}

/** Whole days from one day to another, negative if the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function dayOfDate(date: Date): Day {
  return date.toISOString().slice(0, 10);
}
