/** Salesforce record ids: 15 case-sensitive characters and 3 that make them safe without case. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const POD = "5e0";

/** Below this the first four of an id's nine digits are zeros. */
const FIVE_DIGITS = 62 ** 5;
const PAIRS = [...DIGITS].flatMap((high) => [...DIGITS].map((low) => high + low));
const PAIR_BITS = PAIRS.map((pair) => upperCaseBits(pair, 0, 2));

/** The 18-character id of the row with a key; ids sort in plain byte order as their keys do. */
export function recordId(prefix: string, key: number): string {
  if (key >= FIVE_DIGITS) throw new RangeError(`key ${key} is too large for an id`);
  const low = key % 3844;
  const rest = Math.floor(key / 3844);
  const middle = rest % 3844;
  const high = Math.floor(rest / 3844);
  const highBit = high >= 10 && high < 36 ? 1 : 0;
  const bits = highBit | (PAIR_BITS[middle]! << 1) | (PAIR_BITS[low]! << 3);
  const first = SUFFIXES[upperCaseBits(prefix, 0, 3)];
  return `${prefix}${POD}0000${DIGITS[high]}${PAIRS[middle]}${PAIRS[low]}${first}A${SUFFIXES[bits]}`;
}

/** The key behind an 15- or 18-character id; null if it is not an id of this kind. */
export function keyOfRecordId(prefix: string, id: string): number | null {
  if (id.length !== 15 && id.length !== 18) return null;
  const short = id.slice(0, 15);
  if (!short.startsWith(prefix + POD)) return null;
  if (id.length === 18 && id.slice(15).toUpperCase() !== checksumOf(short)) return null;
  let key = 0;
  for (const digit of short.slice(6)) key = key * 62 + DIGITS.indexOf(digit);
  return key;
}

/** Each suffix character says which of five characters are upper case. */
export function checksumOf(short: string): string {
  return [0, 5, 10].map((from) => SUFFIXES[upperCaseBits(short, from, 5)]).join("");
}

function upperCaseBits(text: string, from: number, count: number): number {
  let bits = 0;
  for (let n = 0; n < count; n++) {
    const code = text.charCodeAt(from + n);
    if (code >= 65 && code <= 90) bits |= 1 << n;
  }
  return bits;
}
