/** Decimal digits -> PostgreSQL's numeric, group by group; `write-field.ts` does the same from text. */
import { putInt16, putInt32 } from "./put-integers.ts";

const zero = 0x30;
/** Longer ones are left to the plain way, which knows numeric's limits. */
const mostDigits = 1000;
const negativeSign = 0x4000;

/**
 * Writes the field of a number whose whole digits are at `first` to `whole`, its decimals from behind the point
 * to `end`.
 * @returns the position behind the field; undefined if the number is too long
 */
export function writeNumeric(
  json: Buffer,
  first: number,
  whole: number,
  end: number,
  negative: boolean,
  bytes: Buffer,
  out: number,
): number | undefined {
  if (end - first > mostDigits) return undefined;
  let decimalsEnd = end;
  while (decimalsEnd > whole && (json[decimalsEnd - 1] === zero || decimalsEnd - 1 === whole)) {
    decimalsEnd -= 1;
  }
  const decimals = Math.max(0, decimalsEnd - whole - 1);
  // Groups of four count from the point: group 0 is the last before it, group -1 the first behind it.
  const wholeDigits = whole - first;
  const highest = Math.ceil(wholeDigits / 4) - 1;
  const lowest = -Math.ceil(decimals / 4);
  let at = out + 12;
  let weight = highest;
  let count = 0;
  let trailingZeros = 0;
  for (let group = highest; group >= lowest; group -= 1) {
    const value = readGroup(json, first, whole, decimalsEnd, group);
    if (count === 0 && value === 0) {
      weight = group - 1;
      continue;
    }
    trailingZeros = value === 0 ? trailingZeros + 1 : 0;
    at = putInt16(bytes, at, value);
    count += 1;
  }
  at -= 2 * trailingZeros;
  count -= trailingZeros;
  putInt32(bytes, out, at - out - 4);
  putInt16(bytes, out + 4, count);
  putInt16(bytes, out + 6, count === 0 ? 0 : weight);
  putInt16(bytes, out + 8, negative && count > 0 ? negativeSign : 0);
  putInt16(bytes, out + 10, decimals);
  return at;
}

/** Four digits as a number; places outside the digits are zeros. */
function readGroup(
  json: Buffer,
  first: number,
  whole: number,
  decimalsEnd: number,
  group: number,
): number {
  // Where the group's first digit is; decimals begin one further, behind the point.
  const start = group >= 0 ? whole - 4 * (group + 1) : whole + 1 - 4 * (group + 1);
  const limit = group >= 0 ? whole : decimalsEnd;
  let value = 0;
  for (let at = start; at < start + 4; at += 1) {
    value = value * 10 + (at >= first && at < limit ? json[at]! - zero : 0);
  }
  return value;
}
