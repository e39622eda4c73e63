/** Memory for rows on their way, used again and again: segment after segment needs about as much. */
import { GrowingBytes } from "./growing-bytes.ts";

const startCapacity = 16 * 1024;
/** What one huge row asked for is not kept. */
const largestKept = 32 * 1024 * 1024;

export class RowMemory {
  readonly #free: GrowingBytes[] = [];

  /** Empty bytes to grow into. */
  take(): GrowingBytes {
    return this.#free.pop() ?? new GrowingBytes(startCapacity);
  }

  /** Takes back what nobody reads any more. */
  give(bytes: GrowingBytes): void {
    bytes.length = 0;
    if (bytes.bytes.length <= largestKept) this.#free.push(bytes);
  }
}
