/** JSON as bytes: where its parts end. What is in them is not judged here. Pure. */

export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const minus = 0x2d;
export const point = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const brace = { open: 0x7b, close: 0x7d };
const bracket = { open: 0x5b, close: 0x5d };

/** Where the value that begins at `from` ends: at the comma or bracket behind it; -1 if that is not before `end`. */
export function findValueEnd(json: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const byte = json[at]!;
    if (byte === quote) {
      at = closingQuote(json, at + 1, end);
      if (at === -1) return -1;
    } else if (byte === brace.open || byte === bracket.open) depth += 1;
    else if (byte === brace.close || byte === bracket.close) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (byte === comma && depth === 0) return at;
  }
  return -1;
}

/** The closing quote of the string whose inside `from` is in, not behind a backslash; -1 if there is none. */
export function closingQuote(json: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (json[at] === backslash) at += 1;
    else if (json[at] === quote) return at;
  }
  return -1;
}

/** Where the digits that begin at `from` end. */
export function digitsEnd(json: Buffer, from: number): number {
  let at = from;
  while (json[at]! >= zero && json[at]! <= nine) at += 1;
  return at;
}

/** Whether the byte behind a number's digits ends it: no exponent, no fraction, no other sign. */
export function endsNumber(byte: number | undefined): boolean {
  return byte === comma || byte === brace.close || byte === 0x20 || byte === 0x09;
}

/** Whether one of four bytes is a quote, a backslash or a control character. */
export function endsPlainText(word: number): boolean {
  const control = (word - 0x20202020) & ~word;
  return ((control | zeroByte(word ^ 0x22222222) | zeroByte(word ^ 0x5c5c5c5c)) & 0x80808080) !== 0;
}

/** Sets the highest bit of bytes that are zero (and perhaps of higher ones, once there is one). */
function zeroByte(word: number): number {
  return (word - 0x01010101) & ~word;
}
