/** Singer messages: their shapes, how a line becomes one, and how one becomes a line. */
import { ContractError } from "./errors.ts";
import {
  type JsonObject,
  type JsonValue,
  parseJson,
  parseJsonVerbatim,
  renderJson,
} from "./json.ts";
import type { JsonSchema } from "./json-schema.ts";

/** One row: property name to value. A property that is absent is not the same as null. */
export type Row = { readonly [property: string]: JsonValue };

/** Announces a stream: its JSON Schema and key (`[]`: append only). */
export interface SchemaMessage {
  readonly type: "SCHEMA";
  readonly stream: string;
  readonly schema: JsonSchema;
  readonly keyProperties: readonly string[];
  readonly bookmarkProperties?: readonly string[];
}

/** One row of a stream. */
export interface RecordMessage {
  readonly type: "RECORD";
  readonly stream: string;
  readonly record: Row;
  /** Epoch milliseconds by convention: the generation of the table this row belongs to. */
  readonly version?: number;
  /** RFC 3339, when the tap read it. */
  readonly timeExtracted?: string;
}

/** A point from which a later run may resume. */
export interface StateMessage {
  readonly type: "STATE";
  readonly value: JsonValue;
}

/** All rows of the stream with another version are gone from the source. */
export interface ActivateVersionMessage {
  readonly type: "ACTIVATE_VERSION";
  readonly stream: string;
  readonly version: number;
}

/** How the files of a BATCH are written. */
export interface BatchEncoding {
  /** `jsonl`, `csv`, `parquet`, ...: the reader knows which it can read. */
  readonly format: string;
  /** `gzip`, ...; absent: none. */
  readonly compression?: string;
  /** What else stands in the encoding, for instance the `delimiter` of CSV. Nulls are left out. */
  readonly options: JsonObject;
}

/** Rows of a stream in files: raw records, not messages. A preview of the Meltano SDK. */
export interface BatchMessage {
  readonly type: "BATCH";
  readonly stream: string;
  readonly encoding: BatchEncoding;
  /** Where the files are, in the order to be read. */
  readonly manifest: readonly string[];
}

/** A message of a type this version does not know. The spec permits them; readers warn and pass. */
export interface UnknownMessage {
  readonly type: "UNKNOWN";
  readonly name: string;
}

export type Message =
  | SchemaMessage
  | RecordMessage
  | StateMessage
  | ActivateVersionMessage
  | BatchMessage
  | UnknownMessage;

/**
 * Reads one line.
 * @param line one JSON text, without its newline
 * @param lineNumber counted from 1, for error messages; the line itself is never quoted
 * @throws ContractError if the line is not JSON or not a well-formed message
 */
export function parseMessage(line: string, lineNumber: number): Message {
  const raw = parseLine(line, lineNumber);
  const broken = (what: string) => new ContractError(`line ${lineNumber}: ${what}`);
  if (!isObject(raw)) throw broken("a message must be a JSON object");
  if (typeof raw.type !== "string") throw broken("a message needs a type");
  const type = raw.type.toUpperCase();
  const stream = () => {
    if (typeof raw.stream === "string" && raw.stream !== "") return raw.stream;
    throw broken(`${type} needs a stream`);
  };
  switch (type) {
    case "RECORD": {
      if (!isObject(raw.record)) throw broken(`RECORD of ${stream()} needs a record object`);
      return {
        type,
        stream: stream(),
        record: raw.record,
        ...(typeof raw.version === "number" && { version: raw.version }),
        ...(typeof raw.time_extracted === "string" && { timeExtracted: raw.time_extracted }),
      };
    }
    case "SCHEMA": {
      if (!isObject(raw.schema)) throw broken(`SCHEMA of ${stream()} needs a schema object`);
      const bookmarks = strings(raw.bookmark_properties);
      return {
        type,
        stream: stream(),
        schema: raw.schema as JsonSchema,
        keyProperties: strings(raw.key_properties) ?? [],
        ...(bookmarks && { bookmarkProperties: bookmarks }),
      };
    }
    case "STATE":
      if (!("value" in raw)) throw broken("STATE needs a value");
      return { type, value: (parseJsonVerbatim(line) as JsonObject).value as JsonValue };
    case "ACTIVATE_VERSION":
      if (typeof raw.version !== "number") throw broken(`${type} of ${stream()} needs a version`);
      return { type, stream: stream(), version: raw.version };
    case "BATCH":
      return parseBatch(raw, stream(), broken);
    default:
      return { type: "UNKNOWN", name: type };
  }
}

/** Renders a message as one line, newline included. */
export function renderMessage(message: Exclude<Message, UnknownMessage>): string {
  switch (message.type) {
    case "RECORD": {
      const version = message.version === undefined ? "" : `,"version":${message.version}`;
      const time =
        message.timeExtracted === undefined
          ? ""
          : `,"time_extracted":${JSON.stringify(message.timeExtracted)}`;
      const stream = JSON.stringify(message.stream);
      return `{"type":"RECORD","stream":${stream},"record":${renderJson(message.record)}${version}${time}}\n`;
    }
    case "SCHEMA":
      return line({
        type: message.type,
        stream: message.stream,
        schema: message.schema as JsonValue,
        key_properties: message.keyProperties,
        ...(message.bookmarkProperties && { bookmark_properties: message.bookmarkProperties }),
      });
    case "STATE":
      return line({ type: message.type, value: message.value });
    case "ACTIVATE_VERSION":
      return line({ type: message.type, stream: message.stream, version: message.version });
    case "BATCH": {
      const { options, ...encoding } = message.encoding;
      return line({
        type: message.type,
        stream: message.stream,
        encoding: { ...encoding, ...options },
        manifest: message.manifest,
      });
    }
  }
}

function parseBatch(
  { encoding, manifest }: JsonObject,
  stream: string,
  broken: (what: string) => ContractError,
): BatchMessage {
  if (!isObject(encoding) || typeof encoding.format !== "string") {
    throw broken(`BATCH of ${stream} needs an encoding object with a format`);
  }
  const { format, compression = null, ...options } = encoding;
  if (compression !== null && typeof compression !== "string") {
    throw broken(`BATCH of ${stream}: the compression must be a string`);
  }
  if (!Array.isArray(manifest) || !manifest.every((file) => typeof file === "string")) {
    throw broken(`BATCH of ${stream} needs a manifest, a list of files`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== null);
  return {
    type: "BATCH",
    stream,
    encoding: {
      format,
      ...(compression !== null && { compression }),
      options: Object.fromEntries(given),
    },
    manifest,
  };
}

function parseLine(text: string, lineNumber: number): JsonValue {
  try {
    return parseJson(text);
  } catch {
    // The parser's own message quotes the text, which may hold personal data.
    throw new ContractError(`line ${lineNumber} is not valid JSON (${text.length} characters)`);
  }
}

function line(value: JsonValue): string {
  return `${renderJson(value)}\n`;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strings(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}
