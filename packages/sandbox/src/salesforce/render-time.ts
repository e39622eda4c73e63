/** Days and instants as text. Rows hold many of them, so the texts of likely days are made once. */

const DAY = 86_400_000;
const FIRST = Date.UTC(2023, 0, 1) / DAY;
const LIKELY_DAYS = Array.from({ length: 7000 }, (_none, n) => isoDay((FIRST + n) * DAY));
const TWO_DIGITS = Array.from({ length: 60 }, (_none, n) => String(n).padStart(2, "0"));

/** `2026-06-30` */
export function dateText(time: number): string {
  return LIKELY_DAYS[Math.floor(time / DAY) - FIRST] ?? isoDay(time);
}

/** `2026-06-30T10:11:12.000+0000`, as the REST API has it. */
export function restDateTime(time: number): string {
  return `${upToSeconds(time)}.000+0000`;
}

/** `2026-06-30T10:11:12.000Z`, as the Bulk API has it. */
export function bulkDateTime(time: number): string {
  return `${upToSeconds(time)}.000Z`;
}

function upToSeconds(time: number): string {
  const day = Math.floor(time / DAY);
  const seconds = Math.floor((time - day * DAY) / 1000);
  const hour = TWO_DIGITS[Math.floor(seconds / 3600)];
  const minute = TWO_DIGITS[Math.floor(seconds / 60) % 60];
  return `${dateText(time)}T${hour}:${minute}:${TWO_DIGITS[seconds % 60]}`;
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
