/** Bytes to be recognised, compared four at a time. */

/** A pattern, made once and looked for often. */
export class BytePattern {
  /** Its length in bytes. */
  readonly length: number;
  readonly #bytes: Buffer;
  /** Little-endian; the last may overlap the one before. Empty for patterns of less than four bytes. */
  readonly #words: Int32Array;

  constructor(bytes: Buffer) {
    this.#bytes = Buffer.from(bytes);
    this.length = bytes.length;
    this.#words = new Int32Array(bytes.length < 4 ? 0 : Math.ceil(bytes.length / 4));
    for (let index = 0; index < this.#words.length; index += 1) {
      this.#words[index] = this.#bytes.readInt32LE(Math.min(4 * index, this.length - 4));
    }
  }

  /** Whether the pattern stands at a position. */
  isAt(view: DataView, at: number): boolean {
    if (at + this.length > view.byteLength) return false;
    const words = this.#words;
    const last = words.length - 1;
    if (last < 0) return this.#bytes.every((byte, index) => view.getUint8(at + index) === byte);
    // What is told apart mostly differs near its end.
    if (view.getInt32(at + this.length - 4, true) !== words[last]) return false;
    for (let index = 0; index < last; index += 1) {
      if (view.getInt32(at + 4 * index, true) !== words[index]) return false;
    }
    return true;
  }

  toString(encoding: BufferEncoding): string {
    return this.#bytes.toString(encoding);
  }
}

/** The bytes of a buffer as a `DataView`. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
