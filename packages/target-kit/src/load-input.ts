/** The loop of every target: messages in, segments loaded one after the other, STATE out after the commit. */
import {
  ContractError,
  type Log,
  type Message,
  type MessageBatch,
  type MessageWriter,
  type RecordMessage,
  readMessages,
  renderJson,
  type SchemaMessage,
} from "@bizops/singer";
import { SegmentBuilder } from "./segment-builder.ts";
import { compileValidator, type RowValidator } from "./validate-row.ts";
import {
  type BatchLimits,
  RejectedRow,
  type Segment,
  type StreamTable,
  type Warehouse,
} from "./warehouse.ts";

export interface LoadRequest {
  readonly input: AsyncIterable<Buffer>;
  readonly warehouse: Warehouse;
  readonly limits: BatchLimits;
  readonly validateRecords: boolean;
  readonly maxRejected: number;
  readonly maxLineBytes: number;
  /** Where STATE values go. */
  readonly output: MessageWriter;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Loads the whole input. Whatever ends it early (a broken line, too many bad rows, a signal), the good rows
 * read before are committed and the last STATE among them comes out, then the reason is thrown.
 * @throws SingerError; after a failure of the warehouse itself nothing more is committed
 */
export async function loadInput(request: LoadRequest): Promise<void> {
  const loader = new SegmentLoader(request);
  const router = new MessageRouter(request, loader);
  let reason: unknown;
  try {
    await forEachBatch(request, loader, async ({ messages, bytes }) => {
      loader.segment.addBytes(bytes);
      for (const message of messages) await router.accept(message);
      if (loader.segment.isFull) await loader.handOver();
    });
  } catch (thrown) {
    reason = thrown;
  }
  await loader.finish();
  if (reason !== undefined) throw reason;
}

/** Owns the segment in the making and the one being loaded; the two overlap, so reading never waits long. */
class SegmentLoader {
  segment: SegmentBuilder;
  readonly #request: LoadRequest;
  #loading: Promise<void> = Promise.resolve();
  /** Called when a load fails, so that a loop waiting for input wakes up. */
  onFailure: () => void = () => {};

  constructor(request: LoadRequest) {
    this.#request = request;
    this.segment = new SegmentBuilder(request.limits);
  }

  /** Starts loading the segment once the one before is in. @throws what failed in the one before */
  async handOver(): Promise<void> {
    if (this.segment.isEmpty) return;
    await this.#loading;
    const segment = this.segment.build();
    this.segment = new SegmentBuilder(this.#request.limits);
    this.#loading = this.#load(segment);
    this.#loading.catch(() => this.onFailure());
  }

  /** Waits until nothing is being loaded. @throws what failed */
  async settle(): Promise<void> {
    await this.#loading;
  }

  async finish(): Promise<void> {
    await this.handOver();
    await this.settle();
  }

  async #load(segment: Segment): Promise<void> {
    const { warehouse, output, log } = this.#request;
    await warehouse.load(segment);
    for (const [stream, { size }] of segment.rows) {
      log.metric({
        type: "counter",
        metric: "record_count",
        value: size,
        tags: { endpoint: stream },
      });
    }
    if (segment.state !== undefined) await output.write(`${renderJson(segment.state)}\n`);
  }
}

interface OpenStream {
  readonly schemaText: string;
  readonly table: StreamTable;
  readonly validate: RowValidator | undefined;
}

/** Sends each message to its place. */
class MessageRouter {
  readonly #request: LoadRequest;
  readonly #loader: SegmentLoader;
  readonly #streams = new Map<string, OpenStream>();
  readonly #unknownTypes = new Set<string>();
  #rejected = 0;
  #sequence = Date.now();

  constructor(request: LoadRequest, loader: SegmentLoader) {
    this.#request = request;
    this.#loader = loader;
  }

  async accept(message: Message): Promise<void> {
    const { segment } = this.#loader;
    switch (message.type) {
      case "RECORD":
        return this.#addRow(message);
      case "STATE":
        return segment.addState(message.value);
      case "SCHEMA":
        return this.#open(message);
      case "ACTIVATE_VERSION":
        this.#find(message.stream, message.type);
        segment.addActivation({ stream: message.stream, version: message.version });
        return this.#loader.handOver();
      case "UNKNOWN":
        return this.#passBy(message.name);
    }
  }

  #addRow(message: RecordMessage): void {
    const { stream, record } = message;
    const { table, validate } = this.#find(stream, message.type);
    const { segment } = this.#loader;
    this.#sequence += 1;
    try {
      const problem = validate?.(record);
      if (problem !== undefined) throw new RejectedRow(problem);
      segment.addRow(stream, table, record, {
        ...(message.timeExtracted !== undefined && { timeExtracted: message.timeExtracted }),
        ...(message.version !== undefined && { version: message.version }),
        received: new Date(),
        sequence: this.#sequence,
      });
    } catch (thrown) {
      if (!(thrown instanceof RejectedRow)) throw thrown;
      segment.addRejection({ stream, reason: thrown.message, record });
      this.#countRejection(stream, thrown.message);
    }
  }

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
    const table = await this.#request.warehouse.open(message);
    const validate = this.#request.validateRecords ? compileValidator(stream, schema) : undefined;
    this.#streams.set(stream, { schemaText, table, validate });
  }

  #find(stream: string, type: string): OpenStream {
    const found = this.#streams.get(stream);
    if (found !== undefined) return found;
    throw new ContractError(`${type} of ${stream} came before its SCHEMA`);
  }

  #passBy(name: string): void {
    if (name === "BATCH") throw new ContractError("BATCH messages are not supported");
    if (this.#unknownTypes.has(name)) return;
    this.#unknownTypes.add(name);
    this.#request.log.warning(`messages of unknown type ${name} are passed by`);
  }
}

/** Hands over each batch; in between loads what has waited long enough. @throws on signal and broken input */
async function forEachBatch(
  { input, maxLineBytes, signal }: LoadRequest,
  loader: SegmentLoader,
  accept: (batch: MessageBatch) => Promise<void>,
): Promise<void> {
  const batches = readMessages(input, { maxLineBytes });
  for (;;) {
    const next = batches.next();
    while (!(await arrivesInTime(next, loader, signal))) await loader.handOver();
    const { done, value } = await next;
    if (done) return;
    await accept(value);
  }
}

/** True once `next` has settled, false when the segment is due. @throws the signal's reason, a failed load */
function arrivesInTime(
  next: Promise<unknown>,
  loader: SegmentLoader,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const dueIn = loader.segment.dueIn(Date.now());
    const timer = Number.isFinite(dueIn)
      ? setTimeout(() => end(() => resolve(false)), dueIn)
      : undefined;
    const onAbort = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      loader.onFailure = () => {};
      settle();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    loader.onFailure = () => end(() => loader.settle().catch(reject));
    next.then(
      () => end(() => resolve(true)),
      () => end(() => resolve(true)),
    );
  });
}
