/** The company's own clock: days are counted from the first day of its history, never from the machine's time. */

export const DAY = 86_400_000;
/** Length of the history before the base "now", in days. */
export const HISTORY_DAYS = 911;
const HISTORY_START = Date.UTC(2024, 0, 1);

/** The instant at which a day begins; day 911 is 2026-06-30, the base "now". */
export function startOfDay(day: number): number {
  return HISTORY_START + day * DAY;
}

/** An instant in the working hours of a day, on a whole second, as Salesforce keeps them. */
export function momentOf(day: number, roll: number): number {
  return startOfDay(day) + 7 * 3_600_000 + Math.floor(roll * 43_200) * 1000;
}

/** The day itself, or the Monday after a weekend. Day 0 is a Monday. */
export function toWorkday(day: number): number {
  const weekday = day % 7;
  return weekday < 5 ? day : day + 7 - weekday;
}

/** The first day of the month that lies `months` after January 2024, and where it starts and ends. */
export function monthAfterStart(months: number): { startDay: number; endDay: number } {
  return { startDay: dayOfMonth(months), endDay: dayOfMonth(months + 1) };
}

function dayOfMonth(months: number): number {
  return Math.round((Date.UTC(2024, months, 1) - HISTORY_START) / DAY);
}

/** How many months after January 2024 a day lies. */
export function monthOf(day: number): number {
  const date = new Date(startOfDay(day));
  return (date.getUTCFullYear() - 2024) * 12 + date.getUTCMonth();
}
