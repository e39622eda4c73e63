/** One file of an export: fetched whole, read row by row, and fetched again if it turns out to be broken. */
import type { Download, HttpClient } from "@bizops/http-client";
import { ContractError, type JsonValue, type Log, type Row } from "@bizops/singer";
import { readCsvPages } from "@bizops/tap-kit-bulk";

/** How often a broken file is fetched before it counts as broken at Zuora's. */
const mostFetches = 5;

export interface ResultColumn {
  readonly property: string;
  convert(cell: string): JsonValue;
}

export interface FileReading {
  readonly object: string;
  /** What was asked for, by the header in lower case and without the object's own name. */
  readonly columns: ReadonlyMap<string, ResultColumn>;
  /** The least size. */
  readonly bytes: number | undefined;
  readonly log: Log;
}

export function fetchFile(client: HttpClient, template: string, id: string): Promise<Download> {
  return client.download({ url: template.replace("{id}", encodeURIComponent(id)), template });
}

/**
 * A row that has been yielded does not come again when the file is fetched anew.
 * @param fetch called once for each attempt
 * @throws ContractError if the file is still broken when it has been fetched several times
 */
export async function* readResultFile(
  fetch: () => Promise<Download>,
  reading: FileReading,
): AsyncGenerator<Row[]> {
  let yielded = 0;
  for (let attempt = 1; ; attempt += 1) {
    const file = await fetch();
    try {
      checkSize(file, reading);
      let seen = 0;
      for await (const rows of readPages(file, reading)) {
        const fresh = rows.slice(Math.max(0, yielded - seen));
        seen += rows.length;
        yielded = Math.max(yielded, seen);
        if (fresh.length > 0) yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      const { object, log } = reading;
      if (attempt === mostFetches) throw new ContractError(`${object}: ${error.message}`);
      log.warning(`${object}: a file is broken and is fetched again`, { reason: error.message });
    } finally {
      await file.close();
    }
  }
}

/** Whether a file has all columns; a job of an earlier run may have been asked for others. */
export async function hasColumns(file: Download, reading: Omit<FileReading, "bytes">) {
  let head = "";
  // A stream that is destroyed before its end would close the file.
  const chunks = file.open().setEncoding("utf8").iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    head += chunk;
    if (head.includes("\n")) break;
  }
  const names = head.split(/\r?\n/, 1)[0]!.split(",");
  const found = new Set(names.map((name) => keyOf(name.replaceAll('"', ""), reading)));
  return [...reading.columns.keys()].every((name) => found.has(name));
}

/** In lower case, without the object's own name: `Invoice.Id` of Invoice is `id`. */
function keyOf(header: string, { object, columns }: Pick<FileReading, "object" | "columns">) {
  const name = header.toLowerCase();
  const prefix = `${object.toLowerCase()}.`;
  return name.startsWith(prefix) && !columns.has(name) ? name.slice(prefix.length) : name;
}

async function* readPages(file: Download, reading: FileReading): AsyncGenerator<Row[]> {
  const { columns } = reading;
  const missing = new Set(columns.keys());
  const pages = readCsvPages(file.open(), {
    columns(header) {
      const name = keyOf(header, reading);
      missing.delete(name);
      return columns.get(name);
    },
    nullText: "",
    quotedNull: true,
  });
  for await (const rows of pages) {
    const [first] = missing;
    if (first !== undefined) throw new ContractError(`the file lacks the column ${first}`);
    yield rows;
  }
}

/** A file that was cut off between two rows, or within its last cell, cannot be told by its rows alone. */
function checkSize({ size }: Download, { bytes }: FileReading): void {
  if (bytes !== undefined && size < bytes) throw new ContractError("the file is shorter than told");
}
