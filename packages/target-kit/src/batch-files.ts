/** The files of a BATCH message -> the rows in them, a chunk at a time. The files stay where they are. */
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  type BatchMessage,
  ConfigError,
  ContractError,
  type JsonSchema,
  type Row,
} from "@bizops/singer";
import { localPath } from "./local-path.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonl, type TakeLine } from "./read-jsonl.ts";
import type { RowChunk } from "./row-chunk.ts";

export interface BatchOptions {
  /** The stream's. */
  readonly schema: JsonSchema;
  readonly maxLineBytes: number;
  /** The quick way of JSON lines. */
  readonly takeLine: TakeLine;
}

type ReadRows = (source: Readable) => AsyncIterable<RowChunk>;

const chunkBytes = 64 * 1024;

/**
 * Reads the files in the order of the manifest, each once.
 * @throws ContractError if the encoding or a location is not supported, before anything is read; and if a file
 * breaks off or holds what is not a row: it names file and line, never a value
 * @throws ConfigError if a file cannot be read
 */
export async function* readBatch(
  message: BatchMessage,
  options: BatchOptions,
): AsyncGenerator<RowChunk> {
  const { readRows, isPacked, paths } = plan(message, options);
  for (const path of paths) {
    try {
      for await (const { size, rows } of readRows(openFile(path, isPacked))) {
        yield { size, rows: namingFile(path, rows) };
      }
    } catch (failure) {
      throw inFile(path, failure);
    }
  }
}

function plan(message: BatchMessage, options: BatchOptions) {
  const { stream, encoding, manifest } = message;
  try {
    const { compression = "none" } = encoding;
    if (compression !== "none" && compression !== "gzip") {
      throw new ContractError(`compression ${compression} is not supported; gzip and none are`);
    }
    const readRows = rowReader(message, options);
    return { readRows, isPacked: compression === "gzip", paths: manifest.map(localPath) };
  } catch (failure) {
    if (!(failure instanceof ContractError)) throw failure;
    throw new ContractError(`BATCH of ${stream}: ${failure.message}`, { cause: failure });
  }
}

function rowReader({ encoding }: BatchMessage, options: BatchOptions): ReadRows {
  const { format, options: given } = encoding;
  const refuse = (names: readonly string[]) => {
    const unknown = Object.keys(given).find((name) => !names.includes(name));
    if (unknown === undefined) return;
    throw new ContractError(`the option ${unknown} of format ${format} is not supported`);
  };
  switch (format) {
    case "jsonl":
      refuse([]);
      return (source) => readJsonl(source, options);
    case "csv": {
      refuse(["delimiter", "header"]);
      const { delimiter = ",", header = true } = given;
      if (typeof delimiter !== "string" || !/^[\t -!#-~]$/.test(delimiter)) {
        throw new ContractError("the delimiter must be one ASCII character other than a quote");
      }
      if (header !== true) throw new ContractError("CSV files need a header row");
      return (source) => readCsv(source, { ...options, delimiter });
    }
    default:
      throw new ContractError(`format ${format} is not supported; jsonl and csv are`);
  }
}

function openFile(path: string, isPacked: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  if (!isPacked) return file;
  // A failure of the file destroys what reads it, and comes out there.
  return pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {});
}

function* namingFile(path: string, rows: Iterable<Row>): Generator<Row> {
  try {
    yield* rows;
  } catch (failure) {
    throw inFile(path, failure);
  }
}

function inFile(path: string, failure: unknown): unknown {
  if (failure instanceof ContractError) {
    return new ContractError(`${path}: ${failure.message}`, { cause: failure });
  }
  const { code, syscall } = failure as NodeJS.ErrnoException;
  if (syscall !== undefined) {
    return new ConfigError(
      `the batch file ${path} cannot be read (${code}); the target must see what the tap has written`,
      { cause: failure },
    );
  }
  if (code?.startsWith("Z_")) {
    const problem = code === "Z_BUF_ERROR" ? "was cut off" : "is not valid gzip";
    return new ContractError(`the batch file ${path} ${problem} (${code})`, { cause: failure });
  }
  return failure;
}
