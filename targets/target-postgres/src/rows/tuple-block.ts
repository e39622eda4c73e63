/** Rows of one stream as binary COPY tuples: a count of fields, then each field's length and bytes. */
import type { Column } from "../schema/table-shape.ts";
import type { GrowingBytes } from "./growing-bytes.ts";
import { type KeyedRows, KeyIndex } from "./key-index.ts";
import type { RowMemory } from "./row-memory.ts";

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

/** Rows in the making and made; once they are folded, settled or read, no more are added. */
export class TupleBlock implements KeyedRows {
  /** In the order of the fields; their types do not change. */
  readonly columns: readonly Column[];
  /** Where the fields of a row are appended, after `begin`. */
  readonly rows: GrowingBytes;
  readonly #memory: RowMemory;
  readonly #key: readonly number[];
  /** Rows a later row of the same key has taken in. */
  readonly #superseded = new Set<number>();
  #isFolded = false;
  #kept = 0;
  #start = 0;
  #hasAbsent = false;
  #carried: Carried | undefined;

  /** @param key positions of the key's columns; empty: rows stand side by side */
  constructor(columns: readonly Column[], key: readonly number[], memory: RowMemory) {
    this.columns = columns;
    this.rows = memory.take();
    this.#memory = memory;
    this.#key = key;
  }

  /** Rows held; of folded ones the last. */
  get size(): number {
    return this.#kept - this.#superseded.size;
  }

  /** Whether a row lacks a column; such rows must be folded before they are settled. */
  get hasAbsent(): boolean {
    return this.#hasAbsent;
  }

  /** Gives the memory back; the block is of no use then. */
  release(): void {
    this.#memory.give(this.rows);
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
    this.#kept += 1;
    this.#start = this.rows.length;
  }

  /** Takes over the rows of a block of the same columns that was filled after this one. */
  absorb(later: TupleBlock): void {
    for (const [start, end] of later.eachRow()) {
      this.rows.length = this.#start;
      this.rows.append(later.rows.bytes.subarray(start, end));
      this.keep(later.#hasAbsent);
    }
    later.release();
  }

  /**
   * Folds rows of one key into one, property by property, the later winning: all keys are distinct then.
   * @returns whether any key had come twice
   */
  fold(): boolean {
    if (this.#isFolded || this.#key.length === 0) return false;
    this.#isFolded = true;
    const index = new KeyIndex(this, this.#kept);
    const end = this.#start;
    for (let row = 0, next = row; row < end; row = next) {
      next = this.#endOf(row);
      const earlier = index.find(row);
      index.enter(earlier === undefined ? row : this.#supersede(earlier, row));
    }
    return this.#superseded.size > 0;
  }

  /** Finds out what the rows carry and makes nulls of what they do not: the rows can be sent then. */
  settle(): Carried {
    this.#carried ??= this.#hasAbsent ? this.#settleAbsent() : carriesAll(this.columns.length);
    return this.#carried;
  }

  /** Where the rows are, as `[start, end]` in `rows.bytes`: whole rows, neighbours joined. */
  *stretches(): Generator<[number, number]> {
    let from = 0;
    for (const start of [...this.#superseded].sort((a, b) => a - b)) {
      if (start > from) yield [from, start];
      from = this.#endOf(start);
    }
    if (this.#start > from) yield [from, this.#start];
  }

  /** Each row's start and end. */
  *eachRow(): Generator<[number, number]> {
    for (const [start, end] of this.stretches()) {
      for (let at = start, next = at; at < end; at = next) {
        next = this.#endOf(at);
        yield [at, next];
      }
    }
  }

  /** FNV-1a over the key's fields, their lengths included. */
  hashKey(row: number): number {
    const { bytes } = this.rows;
    let hash = 0x811c9dc5;
    for (const position of this.#key) {
      const start = this.#fieldOf(row, position);
      const end = fieldEnd(bytes, start);
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  /** Values PostgreSQL calls equal have one form here, so their bytes tell. */
  sameKey(one: number, other: number): boolean {
    const { bytes } = this.rows;
    return this.#key.every((position) => {
      let a = this.#fieldOf(one, position);
      let b = this.#fieldOf(other, position);
      const end = fieldEnd(bytes, a);
      while (a < end && bytes[a] === bytes[b]) {
        a += 1;
        b += 1;
      }
      return a === end;
    });
  }

  /** A later row takes the place of an earlier one, and its values where it has none itself. */
  #supersede(earlierRow: number, laterRow: number): number {
    this.#superseded.add(earlierRow);
    if (!this.#hasAbsent) return laterRow;
    this.#superseded.add(laterRow);
    const { bytes } = this.rows;
    const fields: Buffer[] = [bytes.subarray(laterRow, laterRow + 2)];
    let later = laterRow + 2;
    let earlier = earlierRow + 2;
    for (const _ of this.columns) {
      const from = lengthAt(bytes, later) === absentLength ? earlier : later;
      fields.push(bytes.subarray(from, fieldEnd(bytes, from)));
      later = fieldEnd(bytes, later);
      earlier = fieldEnd(bytes, earlier);
    }
    const folded = this.#start;
    this.rows.length = folded;
    this.rows.append(Buffer.concat(fields));
    this.#start = this.rows.length;
    this.#kept += 1;
    return folded;
  }

  #fieldOf(row: number, position: number): number {
    const { bytes } = this.rows;
    let at = row + 2;
    for (let passed = 0; passed < position; passed += 1) at = fieldEnd(bytes, at);
    return at;
  }

  #endOf(row: number): number {
    return this.#fieldOf(row, this.columns.length);
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
        const absent = lengthAt(bytes, at) === absentLength;
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

function lengthAt(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function fieldEnd(bytes: Buffer, at: number): number {
  const length = lengthAt(bytes, at);
  return at + 4 + (length < 0 ? 0 : length);
}
