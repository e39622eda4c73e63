/** Bytes in, messages out, a chunk at a time. */
import { ContractError } from "./errors.ts";
import { type Message, parseMessage } from "./message.ts";
import { createLineSplitter } from "./split-lines.ts";

/** The longest line read unless a setting says otherwise: 256 MiB. */
export const defaultMaxLineBytes = 256 * 1024 * 1024;

/** The messages that one chunk of input completed. */
export interface MessageBatch {
  readonly messages: readonly Message[];
  /** The length of their lines. */
  readonly bytes: number;
}

/**
 * Reads Singer messages from a byte stream, in order, blank lines skipped. Every message that precedes
 * a broken line is yielded before the error is thrown.
 * @param source chunks of bytes, for instance `process.stdin`
 * @throws ContractError on a line that is not a message, or input that ends in mid-line
 */
export async function* readMessages(
  source: AsyncIterable<Buffer>,
  { maxLineBytes = defaultMaxLineBytes }: { maxLineBytes?: number } = {},
): AsyncGenerator<MessageBatch> {
  const splitter = createLineSplitter(maxLineBytes);
  let lineNumber = 0;

  function parseAll(lines: readonly Buffer[]): { batch: MessageBatch; failure?: unknown } {
    const messages: Message[] = [];
    let bytes = 0;
    for (const line of lines) {
      lineNumber += 1;
      bytes += line.length;
      const text = line.toString("utf8");
      if (text.trim() === "") continue;
      try {
        messages.push(parseMessage(text, lineNumber));
      } catch (failure) {
        return { batch: { messages, bytes }, failure };
      }
    }
    return { batch: { messages, bytes } };
  }

  for await (const chunk of source) {
    const { batch, failure } = parseAll(splitter.push(chunk));
    if (batch.messages.length > 0) yield batch;
    if (failure !== undefined) throw failure;
  }
  const rest = splitter.rest();
  if (rest.length === 0) return;
  const { batch, failure } = parseAll([rest]);
  if (failure !== undefined) {
    throw new ContractError(
      `the input ends in the middle of line ${lineNumber}: the program writing it was cut off`,
      { cause: failure },
    );
  }
  if (batch.messages.length > 0) yield batch;
}
