/** The rows of one stream in one segment, encoded; rows of one key are folded property by property. */
import type { JsonValue, Row } from "@bizops/singer";
import { RejectedRow, type RowCollector, type RowContext } from "@bizops/target-kit";
import { type ColumnType, joinTypes } from "../schema/column-type.ts";
import { encodeValue, NeedsWiderColumn } from "./encode-value.ts";
import { keyText } from "./key-text.ts";

/** One encoded value for each column; `undefined`: the record did not carry it. */
export type EncodedRow = (string | null | undefined)[];

/** A column as the collector sees it. The type grows when a value needs a wider one. */
export interface CollectedColumn {
  readonly name: string;
  type: ColumnType;
  /** The type asked for by the schema; a date-time beside a string may turn out to be text. */
  readonly mayBeText: boolean;
}

/** What the collector needs to know of its table. */
export interface CollectorPlan {
  readonly columns: readonly CollectedColumn[];
  /** Properties of the record by name -> index in `columns`. */
  readonly properties: ReadonlyMap<string, number>;
  /** Indexes of the key's columns; empty: rows stand side by side. */
  readonly key: readonly number[];
  /** Key properties that must be there even where rows stand side by side. */
  readonly required: readonly string[];
  /** Indexes of the metadata columns this target fills. */
  readonly metadata: ReadonlyMap<string, number>;
}

/** Collects encoded rows until the segment is loaded. */
export class EncodingCollector implements RowCollector {
  readonly #plan: CollectorPlan;
  readonly #rows: EncodedRow[] = [];
  readonly #byKey = new Map<string, EncodedRow>();
  readonly #batchedAt = new Date().toISOString();
  #lastExtracted = { time: "", encoded: "" };
  #size = 0;

  constructor(plan: CollectorPlan) {
    this.#plan = plan;
  }

  get size(): number {
    return this.#size;
  }

  /** The folded rows in order of first appearance. */
  get rows(): readonly EncodedRow[] {
    return this.#rows;
  }

  add(row: Row, context: RowContext): void {
    for (const property of this.#plan.required) {
      if (readOwn(row, property) === undefined || row[property] === null) {
        throw new RejectedRow(`the key property ${property} is missing or null`);
      }
    }
    const encoded: EncodedRow = new Array(this.#plan.columns.length).fill(undefined);
    for (const [property, index] of this.#plan.properties) {
      const value = readOwn(row, property);
      if (value === undefined) continue;
      encoded[index] = value === null ? null : this.#encode(value, index);
    }
    this.#addMetadata(encoded, context);
    this.#keep(encoded);
    this.#size += 1;
  }

  absorb(later: RowCollector): void {
    if (!(later instanceof EncodingCollector)) throw new TypeError("rows of another target");
    for (const row of later.#rows) this.#keep(row);
    this.#size += later.#size;
  }

  #encode(value: JsonValue, index: number): string {
    const column = this.#plan.columns[index]!;
    for (;;) {
      try {
        return encodeValue(value, column.type, column.name);
      } catch (thrown) {
        if (thrown instanceof NeedsWiderColumn) column.type = joinTypes(column.type, thrown.to);
        else if (column.mayBeText && column.type === "timestamptz") column.type = "text";
        else throw thrown;
      }
    }
  }

  #addMetadata(encoded: EncodedRow, { timeExtracted, version, received, sequence }: RowContext) {
    const values: { readonly [name: string]: string | null } = {
      _sdc_extracted_at: this.#encodeExtracted(timeExtracted),
      _sdc_received_at: received.toISOString(),
      _sdc_batched_at: this.#batchedAt,
      _sdc_deleted_at: null,
      _sdc_sequence: String(sequence),
      _sdc_table_version: version === undefined ? null : String(version),
    };
    for (const [name, index] of this.#plan.metadata) encoded[index] = values[name] ?? null;
  }

  /** A tap stamps whole pages, so the last answer is mostly the next one. */
  #encodeExtracted(time: string | undefined): string | null {
    if (time === undefined) return null;
    if (time !== this.#lastExtracted.time) {
      const encoded = encodeValue(time, "timestamptz", "time_extracted");
      this.#lastExtracted = { time, encoded };
    }
    return this.#lastExtracted.encoded;
  }

  /** Values later in the input win, property by property. */
  #keep(encoded: EncodedRow): void {
    const { key } = this.#plan;
    if (key.length === 0) {
      this.#rows.push(encoded);
      return;
    }
    const tuple = JSON.stringify(
      key.map((index) => keyText(encoded[index] as string, this.#plan.columns[index]!.type)),
    );
    const earlier = this.#byKey.get(tuple);
    if (earlier === undefined) {
      this.#byKey.set(tuple, encoded);
      this.#rows.push(encoded);
      return;
    }
    for (let index = 0; index < encoded.length; index += 1) {
      if (encoded[index] !== undefined) earlier[index] = encoded[index];
    }
  }
}

/** A property may be called `constructor` and be absent all the same. */
function readOwn(row: Row, property: string): JsonValue | undefined {
  const value = row[property];
  return value === undefined || Object.hasOwn(row, property) ? value : undefined;
}
