/** CSV with a header row -> rows, each cell converted by the schema of its column. */
import { pipeline, type Readable } from "node:stream";
import { type Cells, withNulls } from "@bizops/connector-kit";
import { ContractError, type JsonSchema, type JsonValue, type Row } from "@bizops/singer";
import { type CsvError, parse } from "csv-parse";
import { cellConverter } from "./convert-cell.ts";
import type { RowChunk } from "./row-chunk.ts";

export interface CsvOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  readonly maxLineBytes: number;
  /** The stream's. */
  readonly schema: JsonSchema;
}

/** A row as it was read. */
interface CsvLine {
  readonly record: readonly string[];
  /** Its text; of its line break there is the first character. */
  readonly raw: string;
}

const chunkBytes = 64 * 1024;

/**
 * Reads RFC 4180: cells with delimiters, quotes or line breaks are quoted, quotes in them doubled. Blank lines
 * are passed by where there is more than one column. The rows before a broken one are yielded.
 * @throws ContractError on a missing header and on what is not CSV; it names the line, never a value
 */
export async function* readCsv(
  source: Readable,
  { delimiter, maxLineBytes, schema }: CsvOptions,
): AsyncGenerator<RowChunk> {
  // An error would end the parser before the rows ahead of it are read, so it is only kept.
  const errors: CsvError[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: maxLineBytes,
    on_skip: (error) => {
      if (error !== undefined) errors.push(error);
    },
    raw: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_records_with_error: true,
  });
  // A failure of the source destroys the parser, so the loop below throws it.
  pipeline(source, parser, () => {});
  let header: HeaderRow | undefined;
  let failure: ContractError | undefined;
  let parsed = 0;
  let lineNumber = 1;
  let rows: Row[] = [];
  let size = 0;
  for await (const line of parser as AsyncIterable<CsvLine>) {
    if (parsed === errors[0]?.records) break;
    const cells = withNulls(line.record, line.raw, delimiter, "");
    if (header === undefined) header = readHeader(cells, schema);
    else if (cells.length === header.size) rows.push(header.toRow(cells));
    else if (cells.length > 1 || cells[0] !== null) {
      const found = `${cells.length} cells, the header has ${header.size}`;
      failure = new ContractError(`line ${lineNumber} has ${found}`);
      break;
    }
    parsed += 1;
    lineNumber += countLines(line.raw);
    size += Buffer.byteLength(line.raw);
    if (size < chunkBytes) continue;
    yield { size, rows };
    rows = [];
    size = 0;
  }
  yield { size, rows };
  if (errors[0] !== undefined) failure ??= asContractError(errors[0], lineNumber, maxLineBytes);
  if (header === undefined) failure ??= new ContractError("the file has no header row");
  if (failure !== undefined) throw failure;
}

function countLines(raw: string): number {
  let count = 1;
  const inner = raw.length - 1;
  for (let at = raw.indexOf("\n"); at !== -1 && at < inner; at = raw.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}

interface HeaderRow {
  /** Columns. */
  readonly size: number;
  toRow(cells: Cells): Row;
}

/** @throws ContractError if two columns have the same name, or one has none */
function readHeader(names: Cells, schema: JsonSchema): HeaderRow {
  const properties = schema.properties ?? {};
  const columns = names.map((name, index) => {
    if (!name) throw new ContractError(`column ${index + 1} has no name in the header row`);
    if (names.indexOf(name) < index) {
      throw new ContractError(`column ${index + 1} has the name of another column`);
    }
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return { name, convert: cellConverter(property) };
  });
  const toRow = (cells: Cells): Row =>
    Object.fromEntries(
      columns.map(({ name, convert }, index): [string, JsonValue] => {
        const cell = cells[index] ?? null;
        return [name, cell === null ? null : convert(cell)];
      }),
    );
  return { size: columns.length, toRow };
}

/** The parser's own message quotes cells, and counts some line breaks twice. */
function asContractError(
  { code }: CsvError,
  lineNumber: number,
  maxLineBytes: number,
): ContractError {
  switch (code) {
    case "CSV_MAX_RECORD_SIZE":
      return new ContractError(
        `line ${lineNumber} is longer than ${maxLineBytes} bytes; raise max_line_bytes if that is intended`,
      );
    case "CSV_QUOTE_NOT_CLOSED":
      return new ContractError(`the quotes opened in line ${lineNumber} are not closed`);
    default:
      return new ContractError(`line ${lineNumber} is not valid CSV (${code})`);
  }
}
