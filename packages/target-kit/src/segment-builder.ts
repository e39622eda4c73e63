/** Gathers messages into a segment until it is worth loading. */
import type { JsonValue, Row } from "@bizops/singer";
import type {
  Activation,
  BatchLimits,
  Rejection,
  RowCollector,
  RowContext,
  Segment,
  StreamTable,
} from "./warehouse.ts";

/** A segment in the making. */
export class SegmentBuilder {
  readonly #rows = new Map<string, RowCollector>();
  readonly #rejections: Rejection[] = [];
  readonly #activations: Activation[] = [];
  readonly #limits: BatchLimits;
  #state: JsonValue | undefined;
  #count = 0;
  #bytes = 0;
  #since: number | undefined;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /** @throws RejectedRow */
  addRow(stream: string, table: StreamTable, row: Row, context: RowContext): void {
    this.#collectorOf(stream, table).add(row, context);
    this.#grow(1);
  }

  /**
   * Collects the row whose JSON text begins at `start`, if the table's reader understands it.
   * @param contextBehind what comes with the row, given where it ends; undefined: that is not understood
   * @returns false: nothing has happened
   */
  takeRow(
    stream: string,
    table: StreamTable,
    bytes: Buffer,
    start: number,
    end: number,
    contextBehind: (rowEnd: number) => RowContext | undefined,
  ): boolean {
    const { reader } = this.#collectorOf(stream, table);
    const rowEnd = reader?.read(bytes, start, end) ?? -1;
    const context = rowEnd === -1 ? undefined : contextBehind(rowEnd);
    if (context === undefined || !reader?.keep(context)) return false;
    this.#grow(1);
    return true;
  }

  #collectorOf(stream: string, table: StreamTable): RowCollector {
    let collector = this.#rows.get(stream);
    if (collector === undefined) {
      collector = table.collect();
      this.#rows.set(stream, collector);
    }
    return collector;
  }

  addRejection(rejection: Rejection): void {
    this.#rejections.push(rejection);
    this.#grow(1);
  }

  addActivation(activation: Activation): void {
    this.#activations.push(activation);
    this.#grow(0);
  }

  addState(value: JsonValue): void {
    this.#state = value;
    this.#grow(0);
  }

  /** Takes over what was gathered after this; `later` is empty-handed then. */
  absorb(later: SegmentBuilder): void {
    for (const [stream, collector] of later.#rows) {
      const earlier = this.#rows.get(stream);
      if (earlier === undefined) this.#rows.set(stream, collector);
      else earlier.absorb(collector);
    }
    this.#rejections.push(...later.#rejections);
    this.#activations.push(...later.#activations);
    this.#state = later.#state ?? this.#state;
    this.#count += later.#count;
    this.#bytes += later.#bytes;
    this.#since ??= later.#since;
  }

  /** Counts input read for this segment. */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Rows and rejections gathered. */
  get size(): number {
    return this.#count;
  }

  /** Bytes of input read for it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the limits of rows or bytes have been reached. */
  get isFull(): boolean {
    return this.#count >= this.#limits.rows || this.#bytes >= this.#limits.bytes;
  }

  get isEmpty(): boolean {
    return this.#since === undefined;
  }

  /** Milliseconds until even a small segment should be loaded; Infinity while there is nothing in it. */
  dueIn(now: number): number {
    if (this.#since === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#since + this.#limits.waitSeconds * 1000 - now);
  }

  build(): Segment {
    return {
      rows: this.#rows,
      rejections: this.#rejections,
      activations: this.#activations,
      ...(this.#state !== undefined && { state: this.#state }),
    };
  }

  #grow(rows: number): void {
    this.#count += rows;
    this.#since ??= Date.now();
  }
}
