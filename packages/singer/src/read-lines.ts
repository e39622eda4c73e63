/** Bytes in, whole lines out, a chunk at a time; and what message a line holds. */
import { ContractError } from "./errors.ts";
import { type Message, parseMessage } from "./message.ts";
import { createLineSplitter } from "./split-lines.ts";

/** The longest line read unless a setting says otherwise: 256 MiB. */
export const defaultMaxLineBytes = 256 * 1024 * 1024;

const newline = 0x0a;

/** Whole lines of the input, one behind the other. */
export interface LineBatch {
  /** Lines with their newlines; the last line of the input may have none. */
  readonly bytes: Buffer;
  /** The input ended without a newline: its last line may be a part of what was to come. */
  readonly cutOff: boolean;
}

/**
 * Reads lines from a byte stream, in order. Every line before one that is too long is yielded before the
 * error is thrown.
 * @param source chunks of bytes, for instance `process.stdin`
 * @throws ContractError on a line over the limit
 */
export async function* readLines(
  source: AsyncIterable<Buffer>,
  { maxLineBytes = defaultMaxLineBytes }: { maxLineBytes?: number } = {},
): AsyncGenerator<LineBatch> {
  const splitter = createLineSplitter();
  for await (const chunk of source) {
    for (const bytes of splitter.push(chunk)) {
      const good = bytes.length > maxLineBytes ? lengthWithin(bytes, maxLineBytes) : bytes.length;
      if (good > 0) yield { bytes: bytes.subarray(0, good), cutOff: false };
      if (good < bytes.length) throw tooLong(maxLineBytes);
    }
    if (splitter.pendingBytes > maxLineBytes) throw tooLong(maxLineBytes);
  }
  const rest = splitter.rest();
  if (rest.length > 0) yield { bytes: rest, cutOff: true };
}

/** The end of the line that begins at `start`: the position of its newline. */
export function findLineEnd({ bytes }: LineBatch, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end === -1 ? bytes.length : end;
}

/**
 * The message in a line; undefined if the line is blank.
 * @param cutOff whether the line may be a part, for the error
 * @throws ContractError if the line is not a message
 */
export function parseLine(line: Buffer, lineNumber: number, cutOff: boolean): Message | undefined {
  // A file written on Windows may begin with a byte order mark.
  const text = line.toString("utf8").replace(lineNumber === 1 ? /^\uFEFF/ : "", "");
  if (text.trim() === "") return undefined;
  try {
    return parseMessage(text, lineNumber);
  } catch (failure) {
    if (!cutOff) throw failure;
    throw new ContractError(
      `the input ends in the middle of line ${lineNumber}: the program writing it was cut off`,
      { cause: failure },
    );
  }
}

/** The length of the lines before the first one over the limit. */
function lengthWithin(bytes: Buffer, maxLineBytes: number): number {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start);
    if (end - start > maxLineBytes) break;
    start = end + 1;
  }
  return start;
}

function tooLong(maxLineBytes: number): ContractError {
  return new ContractError(
    `a line is longer than ${maxLineBytes} bytes; raise max_line_bytes if that is intended`,
  );
}
