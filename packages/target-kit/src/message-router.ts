/** Sends each line to its place: rows to the segment, schemas to the warehouse, bad rows aside. */
import {
  type BatchMessage,
  ContractError,
  findLineEnd,
  type JsonSchema,
  type LineBatch,
  type Message,
  parseLine,
  type RecordMessage,
  type Row,
  type SchemaMessage,
} from "@bizops/singer";
import { readBatch } from "./batch-files.ts";
import type { LoadRequest } from "./load-request.ts";
import type { TakeLine } from "./read-jsonl.ts";
import { RecordLanes } from "./record-lanes.ts";
import { rowRules } from "./row-rules.ts";
import type { SegmentLoader } from "./segment-loader.ts";
import { compileValidator, type Validator } from "./validate-row.ts";
import { RejectedRow, type RowContext, type StreamTable } from "./warehouse.ts";

interface OpenStream {
  readonly schemaText: string;
  readonly schema: JsonSchema;
  readonly table: StreamTable;
  readonly validator: Validator | undefined;
}

/** Knows the open streams. */
export class MessageRouter {
  readonly #request: LoadRequest;
  readonly #loader: SegmentLoader;
  readonly #streams = new Map<string, OpenStream>();
  readonly #lanes = new RecordLanes();
  readonly #unknownTypes = new Set<string>();
  #rejected = 0;
  #sequence = Date.now();
  #received = new Date();
  #lineNumber = 0;

  constructor(request: LoadRequest, loader: SegmentLoader) {
    this.#request = request;
    this.#loader = loader;
  }

  /** Takes the lines in order; records the quick way where it is open. @throws ContractError on a bad line */
  async acceptLines(batch: LineBatch): Promise<void> {
    const { bytes, cutOff } = batch;
    this.#received = new Date();
    for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
      end = findLineEnd(batch, start);
      this.#lineNumber += 1;
      if (this.#lanes.accept(bytes, start, end, this.#loader.segment, this.#nextContext)) continue;
      const line = bytes.subarray(start, end);
      const message = parseLine(line, this.#lineNumber, cutOff);
      if (message === undefined) continue;
      await this.accept(message);
      if (message.type === "RECORD") {
        this.#lanes.learn(line, message.stream, this.#find(message.stream, message.type).table);
      }
    }
  }

  async accept(message: Message): Promise<void> {
    const { segment } = this.#loader;
    switch (message.type) {
      case "RECORD":
        return this.#addRow(message);
      case "STATE":
        return this.#loader.addState(message.value);
      case "SCHEMA":
        return this.#open(message);
      case "ACTIVATE_VERSION":
        this.#find(message.stream, message.type);
        segment.addActivation({ stream: message.stream, version: message.version });
        return this.#loader.handOver();
      case "BATCH":
        return this.#addFiles(message);
      case "UNKNOWN":
        return this.#passBy(message.name);
    }
  }

  /** The rows of the files go where records go; a file may be larger than a segment. */
  async #addFiles(message: BatchMessage): Promise<void> {
    const { stream } = message;
    const { schema, table } = this.#find(stream, message.type);
    const { maxLineBytes, signal } = this.#request;
    const takeLine = this.#lineTaker(stream, table);
    for await (const { size, rows } of readBatch(message, { schema, maxLineBytes, takeLine })) {
      this.#received = new Date();
      this.#loader.segment.addBytes(size);
      for (const record of rows) this.#addRow({ type: "RECORD", stream, record });
      await this.#loader.loadIfFull();
      signal.throwIfAborted();
    }
  }

  /** The quick way of a line that is nothing but a row. */
  #lineTaker(stream: string, table: StreamTable): TakeLine {
    return (bytes, start, end) =>
      this.#loader.segment.takeRow(stream, table, bytes, start, end, (rowEnd) =>
        /^[ \t\r]*$/.test(bytes.toString("latin1", rowEnd, end))
          ? this.#nextContext({})
          : undefined,
      );
  }

  #addRow(message: RecordMessage): void {
    const { stream, record } = message;
    const { table, validator } = this.#find(stream, message.type);
    const { segment } = this.#loader;
    try {
      const problem = validator?.row(record);
      if (problem !== undefined) throw new RejectedRow(problem);
      segment.addRow(stream, table, record, this.#nextContext(message));
    } catch (thrown) {
      const rejection = asRejection(thrown, record);
      segment.addRejection({ stream, ...rejection });
      this.#countRejection(stream, rejection.reason);
    }
  }

  readonly #nextContext = ({
    timeExtracted,
    version,
  }: Omit<RowContext, "received" | "sequence">): RowContext => {
    this.#sequence += 1;
    return { timeExtracted, version, received: this.#received, sequence: this.#sequence };
  };

  #countRejection(stream: string, reason: string): void {
    this.#rejected += 1;
    const { maxRejected, log } = this.#request;
    log.warning(`${stream}: row rejected: ${reason}`);
    if (this.#rejected <= maxRejected) return;
    throw new ContractError(
      `${stream}: ${reason}; ${this.#rejected} rejected rows exceed max_rejected ${maxRejected} (they are kept in _rejected)`,
    );
  }

  async #open(message: SchemaMessage): Promise<void> {
    const { stream, schema } = message;
    const schemaText = JSON.stringify(message);
    const known = this.#streams.get(stream);
    if (known?.schemaText === schemaText) return;
    // Rows gathered under the old schema belong to the old table shape.
    if (known !== undefined) await this.#loader.handOver();
    await this.#loader.settle();
    const { warehouse, validateRecords } = this.#request;
    const validator = validateRecords ? compileValidator(stream, schema) : undefined;
    const table = await warehouse.open(message, rowRules(schema, validator));
    this.#lanes.close(stream);
    this.#streams.set(stream, { schemaText, schema, table, validator });
  }

  #find(stream: string, type: string): OpenStream {
    const found = this.#streams.get(stream);
    if (found !== undefined) return found;
    throw new ContractError(`${type} of ${stream} came before its SCHEMA`);
  }

  #passBy(name: string): void {
    if (this.#unknownTypes.has(name)) return;
    this.#unknownTypes.add(name);
    this.#request.log.warning(`messages of unknown type ${name} are passed by`);
  }
}

/** The runtime's stack is the limit of nesting; such a record cannot be rendered to be kept either. */
function asRejection(thrown: unknown, record: Row): { reason: string; record: Row } {
  if (thrown instanceof RejectedRow) return { reason: thrown.message, record };
  if (thrown instanceof RangeError) {
    return { reason: "the record is nested too deeply", record: { nested_too_deeply: true } };
  }
  throw thrown;
}
