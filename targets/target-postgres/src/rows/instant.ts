/**
 * Dates and instants: what PostgreSQL can hold, in one canonical spelling, everything else refused; and what
 * PostgreSQL counts them by.
 */

const datePattern = /^(\d{4,7})-(\d{2})-(\d{2})( BC)?$/;
const instantPattern =
  /^(\d{4,6}-\d{2}-\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?( BC)?$/;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:Z|z|[+-]00:?00)?$/;

const infinities = new Set(["infinity", "-infinity"]);
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The date as PostgreSQL spells it, or undefined if it is not one. Years to 5874897, BC to 4713. */
export function parseDate(text: string): string | undefined {
  if (infinities.has(text)) return text;
  const [, year, month, day, bc] = datePattern.exec(text) ?? [];
  return isDate(year, month, day, bc, 5_874_897) ? text : undefined;
}

/**
 * The instant in UTC as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, or undefined if PostgreSQL could not hold it.
 * Without an offset it is UTC; a bare date is its midnight; digits below the microsecond are cut.
 */
export function parseInstant(text: string): string | undefined {
  if (infinities.has(text)) return text;
  const match = instantPattern.exec(text);
  if (match === null) return undefined;
  const [, date = "", hour = "00", minute = "00", second = "00", digits = "", zone = "Z", bc] =
    match;
  const [year, month, day] = date.split("-");
  if (!isDate(year, month, day, bc, 294_276)) return undefined;
  const midnight = hour === "24" && minute === "00" && second === "00" && !/[1-9]/.test(digits);
  if ((Number(hour) > 23 && !midnight) || Number(minute) > 59 || Number(second) > 60)
    return undefined;
  const offset = parseOffset(zone);
  if (offset === undefined) return undefined;
  const fraction = digits.slice(0, 6).replace(/0+$/, "");
  const plain = offset === 0 && second !== "60" && hour !== "24" && bc === undefined;
  const utc = plain
    ? `${date}T${hour}:${minute}:${second}`
    : shiftToUtc(year!, Number(month), Number(day), bc, [hour, minute, second].map(Number), offset);
  const [clock = "", era = ""] = utc.split(" ");
  if (era === "" && clock.startsWith("294277-")) return undefined;
  return `${clock}${fraction && `.${fraction}`}Z${era && ` ${era}`}`;
}

/**
 * The time of day as `HH:MM:SS[.ffffff]`, up to `24:00:00`; a leap second is the next minute's first. An offset
 * other than UTC has no place in a `time` column.
 */
export function parseTime(text: string): string | undefined {
  const [, hour, minute, second = "00", digits = ""] = timePattern.exec(text) ?? [];
  if (hour === undefined || Number(minute) > 59 || Number(second) > 60) return undefined;
  const fraction = digits.slice(0, 6).replace(/0+$/, "");
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  if (seconds > 86_400 || (seconds === 86_400 && fraction !== "")) return undefined;
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, "0"),
  );
  return `${clock.join(":")}${fraction && `.${fraction}`}`;
}

/** A canonical date as PostgreSQL counts it: days since 2000-01-01, the infinities at both ends of 32 bits. */
export function daysSince2000(date: string): number {
  if (date === "infinity") return 2 ** 31 - 1;
  if (date === "-infinity") return -(2 ** 31);
  const [, year, month, day, bc] = datePattern.exec(date)!;
  const astronomical = bc === undefined ? Number(year) : 1 - Number(year);
  return daysFromCivil(astronomical, Number(month), Number(day));
}

/** A canonical instant as PostgreSQL counts it: microseconds since 2000-01-01T00:00:00Z. */
export function microsSince2000(instant: string): bigint {
  if (instant === "infinity") return 2n ** 63n - 1n;
  if (instant === "-infinity") return -(2n ** 63n);
  const [, date = "", hour = "0", minute = "0", second = "0", fraction = "", , bc = ""] =
    instantPattern.exec(instant)!;
  const days = BigInt(daysSince2000(`${date}${bc}`));
  return days * 86_400_000_000n + BigInt(micros(hour, minute, second, fraction));
}

/** A canonical time of day as PostgreSQL counts it: microseconds since midnight. */
export function microsOfDay(time: string): bigint {
  const [, hour = "0", minute = "0", second = "0", fraction = ""] = timePattern.exec(time)!;
  return BigInt(micros(hour, minute, second, fraction));
}

/**
 * Days from 2000-01-01 in the proleptic Gregorian calendar; years start in March, so that the leap day is their last.
 * @param year astronomical: 0 is 1 BC
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const yearOfCycle = shifted - cycle * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return cycle * 146_097 + yearOfCycle * 365 + leapDays + dayOfYear - 730_425;
}

function micros(hour: string, minute: string, second: string, fraction: string): number {
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return seconds * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

function isDate(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  bc: string | undefined,
  lastYear: number,
): boolean {
  const y = Number(year);
  const m = Number(month);
  const d = Number(day);
  if (year === undefined || y < 1 || y > (bc === undefined ? lastYear : 4713)) return false;
  if (m < 1 || m > 12 || d < 1 || d > daysOfMonth[m - 1]!) return false;
  return m !== 2 || d !== 29 || isLeap(bc === undefined ? y : 1 - y);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Minutes east of UTC; PostgreSQL takes less than sixteen hours. */
function parseOffset(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || "0");
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function shiftToUtc(
  year: string,
  month: number,
  day: number,
  bc: string | undefined,
  [hour = 0, minute = 0, second = 0]: readonly number[],
  offset: number,
): string {
  const astronomical = bc === undefined ? Number(year) : 1 - Number(year);
  // Date reaches year 271821 only; 400 years are a whole number of weeks and leap cycles.
  const cycles = Math.floor(astronomical / 400);
  const base = new Date(
    Date.UTC(2000 + (astronomical - cycles * 400), month - 1, day, hour, minute - offset, second),
  );
  const shifted = base.getUTCFullYear() - 2000 + cycles * 400;
  const [shown, era] = shifted > 0 ? [shifted, ""] : [1 - shifted, " BC"];
  return `${String(shown).padStart(4, "0")}${base.toISOString().slice(4, 19)}${era}`;
}
