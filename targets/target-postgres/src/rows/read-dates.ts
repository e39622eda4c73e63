/** Dates and instants from the bytes of their usual spelling; whatever else there is, `instant.ts` knows. */
import { daysFromCivil } from "./instant.ts";

const zero = 0x30;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const microsOfSecond = 1_000_000;
/** Between these years microseconds since 2000 are safe integers. */
const safeYears = { first: 1800, last: 2199 };

/** Days since 2000-01-01 of the `YYYY-MM-DD` at `at`; undefined if it is not a date so spelled. */
export function readDays(json: Buffer, at: number): number | undefined {
  const year = readTwo(json, at) * 100 + readTwo(json, at + 2);
  const month = readTwo(json, at + 5);
  const day = readTwo(json, at + 8);
  const dashes = json[at + 4] === 0x2d && json[at + 7] === 0x2d;
  // A pair that is no number makes the comparison false.
  if (!dashes || !(year >= 1) || !(month >= 1 && month <= 12) || !(day >= 1)) return undefined;
  const leapDay = month === 2 && isLeap(year) ? 1 : 0;
  if (day > daysOfMonth[month - 1]! + leapDay) return undefined;
  return daysFromCivil(year, month, day);
}

/**
 * Microseconds since 2000-01-01T00:00:00Z of a `YYYY-MM-DDTHH:MM:SS`, with or without a fraction and an offset;
 * digits below the microsecond are cut. Undefined if it is not an instant so spelled.
 */
export function readMicros(json: Buffer, start: number, end: number): number | undefined {
  if (end - start < 19) return undefined;
  const days = readDays(json, start);
  const year = readTwo(json, start) * 100 + readTwo(json, start + 2);
  if (days === undefined || year < safeYears.first || year > safeYears.last) return undefined;
  const separator = json[start + 10];
  if (separator !== 0x54 && separator !== 0x20) return undefined;
  if (json[start + 13] !== 0x3a || json[start + 16] !== 0x3a) return undefined;
  const hour = readTwo(json, start + 11);
  const minute = readTwo(json, start + 14);
  const second = readTwo(json, start + 17);
  if (!(hour <= 23) || !(minute <= 59) || !(second <= 59)) return undefined;
  let at = start + 19;
  let fraction = 0;
  if (json[at] === 0x2e) {
    at += 1;
    const first = at;
    for (
      let scale = microsOfSecond / 10;
      isDigit(json[at]);
      at += 1, scale = Math.floor(scale / 10)
    ) {
      fraction += (json[at]! - zero) * scale;
    }
    if (at === first) return undefined;
  }
  const offset = readOffset(json, at, end);
  if (offset === undefined) return undefined;
  const seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
  return seconds * microsOfSecond + fraction;
}

/** Minutes east of UTC: `Z`, `+HH:MM`, `+HHMM`, or nothing at all. */
function readOffset(json: Buffer, at: number, end: number): number | undefined {
  const sign = json[at];
  const length = end - at;
  if (length === 0 || (length === 1 && sign === 0x5a)) return 0;
  if (sign !== 0x2b && sign !== 0x2d) return undefined;
  const hasColon = json[at + 3] === 0x3a;
  if (length !== (hasColon ? 6 : 5)) return undefined;
  const hours = readTwo(json, at + 1);
  const minutes = readTwo(json, hasColon ? at + 4 : at + 3);
  if (!(hours <= 15) || !(minutes <= 59)) return undefined;
  return (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes);
}

/** Two digits as a number; NaN if one is none. */
function readTwo(json: Buffer, at: number): number {
  const tens = json[at];
  const ones = json[at + 1];
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : Number.NaN;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
