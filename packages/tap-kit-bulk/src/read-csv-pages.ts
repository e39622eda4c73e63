/** CSV with a header row -> pages of rows. */
import { pipeline, type Readable } from "node:stream";
import { type Cells, withNulls } from "@bizops/connector-kit";
import { ContractError, type JsonValue, type Row } from "@bizops/singer";
import { CsvError, parse } from "csv-parse";

/** What becomes of a column. */
export interface Column {
  readonly property: string;
  /** A cell that is not null. */
  convert(cell: string): JsonValue;
}

export interface CsvForm {
  /** The column of a header cell; undefined leaves it out. */
  readonly columns: (header: string) => Column | undefined;
  /** How the source spells null. */
  readonly nullText: string;
  /** Whether it is null in quotes too. */
  readonly quotedNull: boolean;
  /** Default: 1000. */
  readonly pageRows?: number;
}

/** A row and its text, from which alone can be told what was quoted. */
interface RawLine {
  readonly record: string[];
  readonly raw: string;
}

const delimiter = ",";

/**
 * Reads RFC 4180: cells with delimiters, quotes or line breaks are quoted, quotes in them doubled.
 * @throws ContractError on a missing header, a row of another length and on what is not CSV; it names the line,
 *   never a value. The pages before it have been yielded.
 */
export async function* readCsvPages(
  source: Readable,
  { columns, nullText, quotedNull, pageRows = 1000 }: CsvForm,
): AsyncGenerator<Row[]> {
  const parser = parse({ bom: true, record_delimiter: ["\r\n", "\n"], raw: !quotedNull });
  // A failure of the source destroys the parser, so the loop below throws it.
  pipeline(source, parser, () => {});
  let toRow: ((cells: Cells) => Row) | undefined;
  let rows: Row[] = [];
  try {
    for await (const line of parser as AsyncIterable<string[] | RawLine>) {
      const cells = Array.isArray(line)
        ? line
        : withNulls(line.record, line.raw, delimiter, nullText);
      if (toRow === undefined) {
        toRow = readHeader(cells, columns, quotedNull ? nullText : null);
        continue;
      }
      rows.push(toRow(cells));
      if (rows.length < pageRows) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    throw asContractError(error);
  }
  if (toRow === undefined) throw new ContractError("the file has no header row");
  yield rows;
}

function readHeader(
  names: Cells,
  columns: CsvForm["columns"],
  nullCell: string | null,
): (cells: Cells) => Row {
  const found = names.flatMap((name, index) => {
    const column = name === nullCell ? undefined : columns(name as string);
    return column === undefined ? [] : [{ ...column, index }];
  });
  return (cells) => {
    const row: { [property: string]: JsonValue } = {};
    for (const { property, convert, index } of found) {
      const cell = cells[index] as string | null;
      row[property] = cell === nullCell ? null : convert(cell as string);
    }
    return row;
  };
}

/** The parser's own message quotes cells. */
function asContractError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, lines } = error;
  switch (code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH":
      return new ContractError(`line ${lines} has not as many cells as the header`);
    case "CSV_QUOTE_NOT_CLOSED":
      return new ContractError(`the file ends within the quotes of line ${lines}`);
    default:
      return new ContractError(`line ${lines} is not valid CSV (${code})`);
  }
}
