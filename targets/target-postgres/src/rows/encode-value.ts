/** A JSON value -> its canonical text for a column of a type. Pure. */
import { holdsLosslessNumber, isLosslessNumber, type JsonValue, renderJson } from "@bizops/singer";
import { RejectedRow } from "@bizops/target-kit";
import type { ColumnType } from "../schema/column-type.ts";
import { parseDate, parseInstant, parseTime } from "./instant.ts";

/** A value that is good data but needs a wider column; `to` is the type that can hold it. */
export class NeedsWiderColumn extends Error {
  readonly to: ColumnType;
  constructor(to: ColumnType) {
    super(`needs ${to}`);
    this.to = to;
  }
}

const replacement = "\uFFFD";
const smallestBigint = -(2n ** 63n);
const largestBigint = 2n ** 63n - 1n;

/**
 * The canonical text of a value that is not null: one spelling for all values PostgreSQL calls equal (jsonb apart).
 * A date or time whose column has become wider is spelled as what it is, so that rows read before and after the
 * widening agree.
 * @param type of the column
 * @param declared the type the stream's schema asks for, at most as wide
 * @param columnName for the reason of a rejection
 * @throws RejectedRow if no column of this kind can hold it, NeedsWiderColumn if a wider one can
 */
export function encodeValue(
  value: JsonValue,
  type: ColumnType,
  declared: ColumnType,
  columnName: string,
): string {
  const temporal = declared === "date" || declared === "timestamptz" || declared === "time";
  const asItIs = !temporal || type === declared || (declared === "time" && isZonedTime(value));
  if (asItIs) return encodeAs(value, type, columnName);
  return encodeAs(encodeAs(value, declared, columnName), type, columnName);
}

function encodeAs(value: JsonValue, type: ColumnType, columnName: string): string {
  switch (type) {
    case "boolean":
      if (typeof value === "boolean") return value ? "t" : "f";
      throw reject(columnName, "is not a boolean");
    case "bigint":
      return encodeBigint(numberText(value, columnName));
    case "numeric":
      return encodeNumeric(numberText(value, columnName), columnName);
    case "date":
      return parsed(parseDate, value, columnName, "a date");
    case "timestamptz":
      return parsed(parseInstant, value, columnName, "a date-time");
    case "time":
      return encodeTime(value, columnName);
    case "text":
      return replaceUnstorable(encodeText(value));
    case "jsonb":
      if (typeof value !== "number" && !isLosslessNumber(value))
        return encodeJson(value, columnName);
      return encodeNumeric(numberText(value, columnName), columnName);
  }
}

/** NUL and lone surrogates, which PostgreSQL cannot store, become U+FFFD. */
export function replaceUnstorable(text: string): string {
  const withoutNul = text.includes("\0") ? text.replaceAll("\0", replacement) : text;
  return withoutNul.isWellFormed() ? withoutNul : withoutNul.toWellFormed();
}

/**
 * JSON text for a jsonb column, whose numbers are numerics.
 * @throws RejectedRow if one of them is out of its range
 */
export function encodeJson(value: JsonValue, columnName: string): string {
  if (holdsLosslessNumber(value)) checkNumbers(value, columnName);
  const text = renderJson(value);
  // Both unstorable kinds are rendered as escapes, in keys as well as in values.
  return /\\u(?:0000|d[89a-f])/i.test(text) ? replaceEscapes(text) : text;
}

function checkNumbers(value: JsonValue, columnName: string): void {
  if (isLosslessNumber(value)) encodeNumeric(plainDecimal(value.toString()), columnName);
  else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) checkNumbers(inner as JsonValue, columnName);
  }
}

/** Only an escape introduced by an odd number of backslashes is one. */
function replaceEscapes(json: string): string {
  return json.replace(/\\(?:u(0000|d[89a-f][0-9a-f]{2})|[\s\S])/gi, (sequence, code) =>
    code === undefined ? sequence : replacement,
  );
}

function encodeText(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || isLosslessNumber(value)) return plainDecimal(String(value));
  return renderJson(value);
}

function numberText(value: JsonValue, columnName: string): string {
  if (typeof value === "number" || isLosslessNumber(value)) return plainDecimal(String(value));
  throw reject(columnName, "is not a number");
}

function encodeBigint(text: string): string {
  if (!/^-?\d+$/.test(text)) throw new NeedsWiderColumn("numeric");
  if (text.length > 18) {
    const integer = BigInt(text);
    if (integer < smallestBigint || integer > largestBigint) throw new NeedsWiderColumn("numeric");
  }
  return text;
}

/** PostgreSQL's numeric holds 131072 digits before the point and 16383 after it. */
function encodeNumeric(text: string, columnName: string): string {
  if (text.length < 16_000) return text;
  const [whole = "", fraction = ""] = text.split(".");
  if (whole.length <= 131_072 && fraction.length <= 16_383) return text;
  throw reject(columnName, "has more digits than numeric can hold");
}

/** Decimal notation without exponent and trailing zeros: a number reads the same however it was written. */
function plainDecimal(text: string): string {
  const spelled = spellOut(text);
  const trimmed = spelled.includes(".") ? spelled.replace(/\.?0+$/, "") : spelled;
  return trimmed === "-0" ? "0" : trimmed;
}

function spellOut(text: string): string {
  const [, sign, whole, fraction = "", exponentText] =
    /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const exponent = Number(exponentText);
  // Far beyond what any column holds; spelled out only far enough to be refused.
  const shift = Math.max(-20_000, Math.min(140_000, exponent));
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A time of day in another zone than UTC is good data that a `time` column would cut; text keeps it. */
function encodeTime(value: JsonValue, columnName: string): string {
  if (isZonedTime(value)) throw new NeedsWiderColumn("text");
  return parsed(parseTime, value, columnName, "a time of day");
}

function isZonedTime(value: JsonValue): boolean {
  const [, local] =
    /^(.*)[+-]\d{2}(?::?\d{2})?$/.exec(typeof value === "string" ? value : "") ?? [];
  return local !== undefined && parseTime(value as string) === undefined && !!parseTime(local);
}

function parsed(
  parse: (text: string) => string | undefined,
  value: JsonValue,
  columnName: string,
  what: string,
): string {
  const text = typeof value === "string" ? parse(value) : undefined;
  if (text === undefined) throw reject(columnName, `is not ${what} that PostgreSQL can hold`);
  return text;
}

function reject(columnName: string, why: string): RejectedRow {
  return new RejectedRow(`${columnName} ${why}`);
}
