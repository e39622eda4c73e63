/** Whole numbers into bytes, highest byte first, quicker than the runtime's own checked writers. */

const two32 = 2 ** 32;

/** Writes 32 bits and returns the position behind them. */
export function putInt32(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  return at + 4;
}

/** Writes 16 bits and returns the position behind them. */
export function putInt16(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
  return at + 2;
}

/** Writes a safe integer as 64 bits and returns the position behind them. */
export function putInt64(bytes: Buffer, at: number, value: number): number {
  return putInt32(bytes, putInt32(bytes, at, Math.floor(value / two32)), value >>> 0);
}
