/** JSON without loss: numbers that a double cannot hold keep their digits. */
import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";

export { isLosslessNumber, LosslessNumber };

/** Any value JSON can spell. A number beyond a double's 15 digits or range is a `LosslessNumber`. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | LosslessNumber
  | readonly JsonValue[]
  | { readonly [property: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { readonly [property: string]: JsonValue };

/**
 * Matches every text in which `JSON.parse` might lose a digit: a number of sixteen digits or more, or with a
 * three-digit exponent. Numbers start the text or follow one of `: [ ,` or a blank, so that ids such as
 * `0065e0000000000AAA` do not match. What matches without need merely takes the slower way.
 */
const mayLoseDigits = /(?:^|[:[,\s])-?(?:[0-9.]{16}|[0-9.]+[eE][+-]?[0-9]{3})/;

/**
 * Parses JSON exactly. Numbers that survive as a double are `number`, all others `LosslessNumber`.
 * @throws SyntaxError if the text is not JSON; its message may quote the text, so never log it.
 */
export function parseJson(text: string): JsonValue {
  if (!mayLoseDigits.test(text)) return JSON.parse(text);
  return parse(text, undefined, { parseNumber: keepDigits, onDuplicateKey: takeLast }) as JsonValue;
}

/** Parses JSON so that every number, whatever its size, is rendered again with the digits it came with. */
export function parseJsonVerbatim(text: string): JsonValue {
  const parseNumber = (number: string) => new LosslessNumber(number);
  return parse(text, undefined, { parseNumber, onDuplicateKey: takeLast }) as JsonValue;
}

/** Renders JSON text; a `LosslessNumber` comes out with the digits it went in with. */
export function renderJson(value: JsonValue): string {
  return holdsLosslessNumber(value) ? (stringify(value) as string) : JSON.stringify(value);
}

/** Whether a `LosslessNumber` sits anywhere in the value. */
export function holdsLosslessNumber(value: JsonValue): boolean {
  if (value === null || typeof value !== "object") return false;
  if (isLosslessNumber(value)) return true;
  for (const key in value) {
    const inner = (value as JsonObject)[key];
    if (inner !== null && typeof inner === "object" && holdsLosslessNumber(inner as JsonValue)) {
      return true;
    }
  }
  return false;
}

/** The value with each `LosslessNumber` rounded to a double: what validators and arithmetic expect. */
export function roundNumbers(value: JsonValue): JsonValue {
  return holdsLosslessNumber(value) ? roundAll(value) : value;
}

function roundAll(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object") return value;
  if (isLosslessNumber(value)) return Number(value.toString());
  if (Array.isArray(value)) return value.map(roundAll);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, roundAll(inner as JsonValue)]),
  );
}

/** As `JSON.parse` does. */
const takeLast = ({ newValue }: { newValue: unknown }) => newValue;

function keepDigits(text: string): number | LosslessNumber {
  const double = Number(text);
  const significand = text
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "");
  const fits = significand.length <= 15 && Number.isFinite(double);
  return fits && (double !== 0 || significand === "") ? double : new LosslessNumber(text);
}
