/** JSON Lines -> rows, one JSON object a line. */
import {
  ContractError,
  findLineEnd,
  type JsonValue,
  type LineBatch,
  parseJson,
  type Row,
  readLines,
} from "@bizops/singer";
import type { RowChunk } from "./row-chunk.ts";

/** Takes a row by the bytes of its line; false if it must be parsed. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Reads the rows that `takeLine` does not take itself. Blank lines are passed by.
 * @throws ContractError on a line that is too long, or (from `rows`) not a JSON object
 */
export async function* readJsonl(
  source: AsyncIterable<Buffer>,
  { maxLineBytes, takeLine }: { readonly maxLineBytes: number; readonly takeLine: TakeLine },
): AsyncGenerator<RowChunk> {
  let lineNumber = 0;
  function* rowsOf(batch: LineBatch): Generator<Row> {
    const { bytes, cutOff } = batch;
    for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
      end = findLineEnd(batch, start);
      lineNumber += 1;
      if (takeLine(bytes, start, end)) continue;
      const row = parseRow(bytes.toString("utf8", start, end), lineNumber, cutOff);
      if (row !== undefined) yield row;
    }
  }
  for await (const batch of readLines(source, { maxLineBytes })) {
    yield { size: batch.bytes.length, rows: rowsOf(batch) };
  }
}

function parseRow(line: string, lineNumber: number, cutOff: boolean): Row | undefined {
  if (line.trim() === "") return undefined;
  let value: JsonValue;
  try {
    value = parseJson(line);
  } catch {
    // The parser's own message quotes the text, which may hold personal data.
    if (cutOff) throw new ContractError(`the file ends in the middle of line ${lineNumber}`);
    throw new ContractError(`line ${lineNumber} is not valid JSON (${line.length} characters)`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row;
  throw new ContractError(`line ${lineNumber} is not a JSON object`);
}
