/** Cuts a byte stream into lines on 0x0A alone; `readline` also cuts at U+2028 on some Node versions. */

const newline = 0x0a;

/** Cuts chunks into lines. A line's bytes are valid until the chunk they came in is reused. */
export interface LineSplitter {
  /** The lines completed by this chunk, without their newlines; none once a line is over the limit. */
  push(chunk: Buffer): Buffer[];
  /** What followed the last newline; empty if the input ended with one. */
  rest(): Buffer;
  /** Whether a line longer than the limit has come. */
  readonly overflown: boolean;
}

/**
 * @param maxLineBytes the longest line accepted
 */
export function createLineSplitter(maxLineBytes: number): LineSplitter {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let overflown = false;

  const hold = (piece: Buffer) => {
    pendingBytes += piece.length;
    overflown ||= pendingBytes > maxLineBytes;
    if (piece.length > 0) pending.push(piece);
  };

  return {
    push(chunk) {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        hold(chunk.subarray(start, end));
        if (overflown) return lines;
        lines.push(pending.length === 1 ? pending[0]! : Buffer.concat(pending, pendingBytes));
        pending = [];
        pendingBytes = 0;
        start = end + 1;
      }
      hold(chunk.subarray(start));
      return lines;
    },
    rest: () => Buffer.concat(pending, pendingBytes),
    get overflown() {
      return overflown;
    },
  };
}
