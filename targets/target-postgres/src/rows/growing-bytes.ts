/** Bytes with room at their end. */

export class GrowingBytes {
  bytes: Buffer;
  /** How many of them are in use. */
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for so many more; `bytes` may be another buffer afterwards. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, needed));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  appendInt32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeInt32BE(value, this.length);
  }

  append(more: Buffer): void {
    this.reserve(more.length);
    this.length += more.copy(this.bytes, this.length);
  }
}
