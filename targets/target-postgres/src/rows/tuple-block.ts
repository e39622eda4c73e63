/**
 * Rows of one stream as binary COPY tuples: a count of fields, then each field's length and bytes. Rows of one
 * key are folded property by property, so the rows of a block have distinct keys.
 */
import { type JsonValue, parseJson, renderJson } from "@bizops/singer";
import type { Column } from "../schema/table-shape.ts";
import { GrowingBytes } from "./growing-bytes.ts";

/** The length of a field that is null. */
export const nullLength = -1;
/** The length of a field the record did not carry; PostgreSQL knows only -1, null. `settle` leaves no other. */
export const absentLength = -2;

/** Which of a block's columns its rows carry. */
export interface Carried {
  /** For each column whether any row carries it. */
  readonly any: readonly boolean[];
  /** For each row its columns as a string of 0 and 1; undefined if all rows carry the same. */
  readonly masks: readonly string[] | undefined;
}

const startCapacity = 16 * 1024;

/** Rows in the making and made. */
export class TupleBlock {
  /** In the order of the fields; their types do not change. */
  readonly columns: readonly Column[];
  /** Where the fields of a row are appended, after `begin`. */
  readonly rows = new GrowingBytes(startCapacity);
  readonly #key: readonly number[];
  readonly #starts: number[] = [];
  readonly #byKey = new Map<string, number>();
  /** Rows a later row of the same key has taken in. */
  readonly #superseded = new Set<number>();
  #start = 0;
  #hasAbsent = false;
  #carried: Carried | undefined;

  /** @param key positions of the key's columns; empty: rows stand side by side */
  constructor(columns: readonly Column[], key: readonly number[]) {
    this.columns = columns;
    this.#key = key;
  }

  /** Rows held, folded ones once. */
  get size(): number {
    return this.#starts.length - this.#superseded.size;
  }

  /** Starts a row; one that was not kept is dropped. */
  begin(): void {
    this.rows.length = this.#start;
    this.rows.reserve(2);
    this.rows.length = this.rows.bytes.writeInt16BE(this.columns.length, this.#start);
  }

  /** Appends a field: its length, then its bytes. */
  addField(value: Buffer): void {
    this.rows.appendInt32(value.length);
    this.rows.append(value);
  }

  /**
   * Ends the row with as many fields as there are columns.
   * @param hasAbsent whether one of them has the length `absentLength`
   */
  keep(hasAbsent: boolean): void {
    this.#hasAbsent ||= hasAbsent;
    if (this.#key.length > 0) this.#supersede(this.#keyOf(this.#start));
    this.#starts.push(this.#start);
    this.#start = this.rows.length;
  }

  /** Takes over the rows of a block of the same columns that was filled after this one. */
  absorb(later: TupleBlock): void {
    for (const [start, end] of later.stretches()) {
      for (let at = start; at < end; at = later.#endOf(at)) {
        this.rows.length = this.#start;
        const length = later.#endOf(at) - at;
        this.rows.reserve(length);
        later.rows.bytes.copy(this.rows.bytes, this.#start, at, at + length);
        this.rows.length = this.#start + length;
        this.keep(later.#hasAbsent);
      }
    }
  }

  /** Finds out what the rows carry and makes nulls of what they do not: the rows can be sent then. */
  settle(): Carried {
    this.#carried ??= this.#hasAbsent ? this.#settleAbsent() : carriesAll(this.columns.length);
    return this.#carried;
  }

  /** Where the rows are, as `[start, end]` in `rows.bytes`: whole rows, neighbours joined. */
  *stretches(): Generator<[number, number]> {
    let from = 0;
    for (const row of [...this.#superseded].sort((a, b) => a - b)) {
      const start = this.#starts[row]!;
      if (start > from) yield [from, start];
      from = this.#endOf(start);
    }
    if (this.#start > from) yield [from, this.#start];
  }

  /** Each row's start and end. */
  *eachRow(): Generator<[number, number]> {
    for (const [index, start] of this.#starts.entries()) {
      if (!this.#superseded.has(index)) yield [start, this.#starts[index + 1] ?? this.#start];
    }
  }

  /** The row just written takes the place of an earlier one, and its values where it has none itself. */
  #supersede(key: string): void {
    const earlier = this.#byKey.get(key);
    this.#byKey.set(key, this.#starts.length);
    if (earlier === undefined) return;
    this.#superseded.add(earlier);
    if (this.#hasAbsent) this.#takeFrom(this.#starts[earlier]!);
  }

  #takeFrom(earlierStart: number): void {
    const { bytes } = this.rows;
    const fields: Buffer[] = [Buffer.from(bytes.subarray(this.#start, this.#start + 2))];
    let later = this.#start + 2;
    let earlier = earlierStart + 2;
    for (let position = 0; position < this.columns.length; position += 1) {
      const from = bytes.readInt32BE(later) === absentLength ? earlier : later;
      fields.push(Buffer.from(bytes.subarray(from, fieldEnd(bytes, from))));
      later = fieldEnd(bytes, later);
      earlier = fieldEnd(bytes, earlier);
    }
    const folded = Buffer.concat(fields);
    this.rows.length = this.#start;
    this.rows.reserve(folded.length);
    this.rows.length += folded.copy(this.rows.bytes, this.#start);
  }

  /** Text that is equal for two rows exactly when PostgreSQL calls their keys equal. */
  #keyOf(start: number): string {
    const { bytes } = this.rows;
    let key = "";
    let position = 0;
    let at = start + 2;
    for (const wanted of this.#key) {
      if (wanted < position) [position, at] = [0, start + 2];
      for (; position < wanted; position += 1) at = fieldEnd(bytes, at);
      const end = fieldEnd(bytes, at);
      const isJson = this.columns[wanted]!.type === "jsonb";
      // All other types have one form a value; the length in front keeps neighbours apart.
      key += isJson
        ? canonicalJson(bytes.toString("utf8", at + 5, end))
        : bytes.toString("latin1", at, end);
    }
    return key;
  }

  #endOf(start: number): number {
    let at = start + 2;
    for (const _ of this.columns) at = fieldEnd(this.rows.bytes, at);
    return at;
  }

  #settleAbsent(): Carried {
    const { bytes } = this.rows;
    const { length } = this.columns;
    const any: boolean[] = new Array(length).fill(false);
    const all: boolean[] = new Array(length).fill(true);
    const masks: string[] = [];
    for (const [start] of this.eachRow()) {
      let mask = "";
      let at = start + 2;
      for (let position = 0; position < length; position += 1) {
        const absent = bytes.readInt32BE(at) === absentLength;
        mask += absent ? "0" : "1";
        if (absent) bytes.writeInt32BE(nullLength, at);
        if (absent) all[position] = false;
        else any[position] = true;
        at = fieldEnd(bytes, at);
      }
      masks.push(mask);
    }
    const differ = any.some((carried, position) => carried && !all[position]);
    return { any, masks: differ ? masks : undefined };
  }
}

function carriesAll(columns: number): Carried {
  return { any: new Array(columns).fill(true), masks: undefined };
}

function fieldEnd(bytes: Buffer, start: number): number {
  const length = bytes.readInt32BE(start);
  return start + 4 + (length < 0 ? 0 : length);
}

/** jsonb knows no order of properties and compares numbers as numerics. */
function canonicalJson(text: string): string {
  return `${renderJson(sorted(parseJson(text)))}\n`;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || "isLosslessNumber" in value) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner as JsonValue)]));
}
