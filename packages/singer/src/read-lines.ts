/** Bytes in, numbered lines out, a chunk at a time; and what message a line holds. */
import { ContractError } from "./errors.ts";
import { type Message, parseMessage } from "./message.ts";
import { createLineSplitter } from "./split-lines.ts";

/** The longest line read unless a setting says otherwise: 256 MiB. */
export const defaultMaxLineBytes = 256 * 1024 * 1024;

/** The lines that one chunk of input completed. */
export interface LineBatch {
  /** Without their newlines. The bytes are valid until the next batch is asked for. */
  readonly lines: readonly Buffer[];
  /** Of the first line, counted from 1. */
  readonly firstNumber: number;
  /** The length of the lines together. */
  readonly bytes: number;
  /** The input ended without a newline: the one line may be a part of what was to come. */
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
  const splitter = createLineSplitter(maxLineBytes);
  let firstNumber = 1;
  const batch = (lines: readonly Buffer[], cutOff: boolean): LineBatch => {
    const bytes = lines.reduce((sum, { length }) => sum + length, 0);
    return { lines, firstNumber, bytes, cutOff };
  };
  for await (const chunk of source) {
    const lines = splitter.push(chunk);
    if (lines.length > 0) yield batch(lines, false);
    firstNumber += lines.length;
    if (splitter.overflown) {
      throw new ContractError(
        `line ${firstNumber} is longer than ${maxLineBytes} bytes; raise max_line_bytes if that is intended`,
      );
    }
  }
  const rest = splitter.rest();
  if (rest.length > 0) yield batch([rest], true);
}

/**
 * The message in a line; undefined if the line is blank.
 * @param cutOff whether the line may be a part, for the error
 * @throws ContractError if the line is not a message
 */
export function parseLine(line: Buffer, lineNumber: number, cutOff: boolean): Message | undefined {
  const text = line.toString("utf8");
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
