/** Cuts a byte stream behind newlines, 0x0A alone; `readline` also cuts at U+2028 on some Node versions. */

const newline = 0x0a;
const nothing = Buffer.alloc(0);

/** Cuts chunks into stretches of whole lines. They share the chunk's memory; what is held back is copied. */
export interface LineSplitter {
  /**
   * The lines completed by this chunk, each with its newline: the one that began in an earlier chunk, then all
   * others in one stretch. Empty stretches are left out.
   */
  push(chunk: Buffer): Buffer[];
  /** What followed the last newline; empty if the input ended with one. */
  rest(): Buffer;
  /** Length of the line that is not complete yet. */
  readonly pendingBytes: number;
}

export function createLineSplitter(): LineSplitter {
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const hold = (piece: Buffer) => {
    if (piece.length > 0) pending.push(Buffer.from(piece));
    pendingBytes += piece.length;
  };
  const takePending = () => {
    const whole = Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    return whole;
  };

  return {
    push(chunk) {
      const last = chunk.lastIndexOf(newline);
      if (last === -1) {
        hold(chunk);
        return [];
      }
      let first = nothing;
      let start = 0;
      if (pendingBytes > 0) {
        start = chunk.indexOf(newline) + 1;
        hold(chunk.subarray(0, start));
        first = takePending();
      }
      hold(chunk.subarray(last + 1));
      return [first, chunk.subarray(start, last + 1)].filter(({ length }) => length > 0);
    },
    rest: takePending,
    get pendingBytes() {
      return pendingBytes;
    },
  };
}
