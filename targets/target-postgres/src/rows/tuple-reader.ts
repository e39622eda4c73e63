/**
 * The quick way in: from the bytes of a JSON object to a tuple in one pass, without values in between.
 *
 * It expects what a tap writes row after row: the properties in the order of the rows before, each a plain value
 * of the kind its column holds. What it does not fully understand it gives back, and the row is parsed, checked
 * and encoded the plain way, which is the specification: whatever is read here gives the same bytes as there.
 * A single value that is merely unusual (nested, or checked by more than its kind) takes the plain way alone.
 */
import { isUtf8 } from "node:buffer";
import { parseJson, viewOf } from "@bizops/singer";
import type { PropertyRules, RowContext, RowReader } from "@bizops/target-kit";
import { encodeFor } from "./encode-row.ts";
import { replaceUnstorable } from "./encode-value.ts";
import { fieldBytes } from "./field-bytes.ts";
import {
  backslash,
  brace,
  closingQuote,
  colon,
  comma,
  digitsEnd,
  endsNumber,
  endsPlainText,
  findValueEnd,
  minus,
  nine,
  point,
  quote,
  zero,
} from "./json-bytes.ts";
import { MetadataWriter } from "./metadata-writer.ts";
import { putInt32, putInt64 } from "./put-integers.ts";
import { readDays, readMicros } from "./read-dates.ts";
import { writeNumeric } from "./read-numeric.ts";
import { planSlots, type Slot } from "./reader-slots.ts";
import type { RowPlan } from "./row-plan.ts";
import { absentLength, nullLength, type TupleBlock } from "./tuple-block.ts";

/** Longer rows are rare and would need room for several times their length. */
const longestRow = 1024 * 1024;
/** The most bytes of a tuple a byte of JSON becomes: `"a":1,` is a numeric of 14. */
const mostGrowth = 3;
/** `YYYY-MM-DDTHH:MM:SS` */
const shortestInstant = 19;
const unknownProperty = -1;
const notUnderstood = -2;

/** Reads the rows of one block. */
export class TupleReader implements RowReader {
  readonly #block: TupleBlock;
  readonly #slots: readonly Slot[];
  readonly #positions: ReadonlyMap<string, number>;
  readonly #closed: boolean;
  readonly #metadata: MetadataWriter;
  readonly #onKeep: () => void;
  // Where reading and writing have got to.
  #json: Buffer = Buffer.alloc(0);
  /** The same bytes. */
  #view = viewOf(this.#json);
  #at = 0;
  #end = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #outView: DataView = this.#view;
  #out = 0;
  /** All bytes of texts or-ed together: below 128 they are ASCII. */
  #seen = 0;
  #hasAbsent = false;

  /** @param onKeep called for each row kept */
  constructor(
    block: TupleBlock,
    slots: readonly Slot[],
    closed: boolean,
    metadata: MetadataWriter,
    onKeep: () => void,
  ) {
    this.#block = block;
    this.#slots = slots;
    this.#closed = closed;
    this.#metadata = metadata;
    this.#onKeep = onKeep;
    this.#positions = new Map(
      slots.map(({ name }, position) => [Buffer.from(name).toString("latin1"), position]),
    );
  }

  read(json: Buffer, start: number, end: number): number {
    if (end - start > longestRow || json[start] !== brace.open) return -1;
    this.#block.begin();
    if (json !== this.#json) {
      this.#json = json;
      this.#view = viewOf(json);
    }
    this.#at = start + 1;
    this.#end = end;
    this.#out = this.#block.rows.length;
    this.#seen = 0;
    this.#hasAbsent = false;
    this.#reserve();
    if (!this.#readProperties()) return -1;
    if (this.#seen >= 0x80 && !isUtf8(json.subarray(start, this.#at))) return -1;
    return this.#at;
  }

  keep(context: RowContext): boolean {
    const end = this.#metadata.write(context, this.#bytes, this.#out);
    if (end === undefined) return false;
    this.#block.rows.length = end;
    this.#block.keep(this.#hasAbsent);
    this.#onKeep();
    return true;
  }

  #readProperties(): boolean {
    let position = 0;
    this.#skipSpace();
    if (this.#json[this.#at] === brace.close) {
      this.#at += 1;
      return this.#writeAbsent(0, this.#slots.length);
    }
    for (;;) {
      const found = this.#readName(position);
      if (found === notUnderstood) return false;
      if (found === unknownProperty) {
        if (this.#closed || this.#parseValue() === undefined) return false;
      } else {
        if (found > position && !this.#writeAbsent(position, found)) return false;
        if (!this.#readValue(this.#slots[found]!)) return false;
        position = found + 1;
      }
      this.#skipSpace();
      const next = this.#json[this.#at];
      this.#at += 1;
      if (next === brace.close) return this.#writeAbsent(position, this.#slots.length);
      if (next !== comma) return false;
      this.#skipSpace();
    }
  }

  /** The position of the property that comes, mostly the one expected; its value is next. */
  #readName(expected: number): number {
    const slot = this.#slots[expected];
    let found = expected;
    if (slot?.pattern.isAt(this.#view, this.#at)) {
      this.#at += slot.pattern.length;
    } else {
      found = this.#findName(expected);
      this.#skipSpace();
      if (this.#json[this.#at] !== colon) return notUnderstood;
      this.#at += 1;
    }
    this.#skipSpace();
    return found;
  }

  /** The position of a property that was not expected here. */
  #findName(expected: number): number {
    const json = this.#json;
    const start = this.#at;
    const close = json[start] === quote ? json.indexOf(quote, start + 1) : -1;
    if (close === -1) return notUnderstood;
    for (let at = start; at < close; at += 1) {
      // An escaped name may be any.
      if (json[at]! < 0x20 || json[at] === backslash) return notUnderstood;
      this.#seen |= json[at]!;
    }
    this.#at = close + 1;
    const name = json.toString("latin1", start + 1, close);
    const position = this.#positions.get(name);
    if (position !== undefined) return position < expected ? notUnderstood : position;
    // A mark of deletion is the plain way's to place.
    return name === "_sdc_deleted_at" ? notUnderstood : unknownProperty;
  }

  #readValue(slot: Slot): boolean {
    if (this.#json[this.#at] === 0x6e) return slot.nullable && this.#readNull();
    switch (slot.quick) {
      case "text":
        return this.#readText(slot.rules.maxLength);
      case "bigint":
        return this.#readBigint(slot.rules);
      case "numeric":
        return this.#readNumeric(slot.rules);
      case "boolean":
        return this.#readBoolean();
      case "date":
        return this.#readDate();
      case "timestamptz":
        return this.#readInstant();
      default:
        return this.#readPlainly(slot);
    }
  }

  #readNull(): boolean {
    if (!this.#readWord("null")) return false;
    this.#out = putInt32(this.#bytes, this.#out, nullLength);
    return true;
  }

  #readBoolean(): boolean {
    const isTrue = this.#json[this.#at] === 0x74;
    if (!this.#readWord(isTrue ? "true" : "false")) return false;
    this.#out = putInt32(this.#bytes, this.#out, 1);
    this.#bytes[this.#out] = isTrue ? 1 : 0;
    this.#out += 1;
    return true;
  }

  #readText(maxLength: number | undefined): boolean {
    const json = this.#json;
    const bytes = this.#bytes;
    const end = this.#end;
    if (json[this.#at] !== quote) return false;
    let at = this.#at + 1;
    let out = this.#out + 4;
    let seen = 0;
    for (; at + 4 <= end; at += 4, out += 4) {
      const word = this.#view.getInt32(at, true);
      if (endsPlainText(word)) break;
      seen |= word;
      this.#outView.setInt32(out, word, true);
    }
    seen = (seen | (seen >> 8) | (seen >> 16) | (seen >> 24)) & 0xff;
    for (; at < end; at += 1) {
      const byte = json[at]!;
      if (byte === quote || byte === backslash || byte < 0x20) break;
      seen |= byte;
      bytes[out] = byte;
      out += 1;
    }
    this.#seen |= seen;
    if (json[at] === backslash) return this.#readEscapedText(at, maxLength);
    const length = out - this.#out - 4;
    // Bytes are at least as many as characters.
    if (json[at] !== quote || (maxLength !== undefined && length > maxLength)) return false;
    putInt32(bytes, this.#out, length);
    this.#out = out;
    this.#at = at + 1;
    return true;
  }

  #readEscapedText(firstEscape: number, maxLength: number | undefined): boolean {
    const close = closingQuote(this.#json, firstEscape, this.#end);
    if (close === -1) return false;
    const text = this.#parse(this.#at, close + 1);
    if (typeof text !== "string") return false;
    const length = this.#bytes.write(replaceUnstorable(text), this.#out + 4);
    if (maxLength !== undefined && length > maxLength) return false;
    this.#out = putInt32(this.#bytes, this.#out, length) + length;
    this.#at = close + 1;
    return true;
  }

  #readBigint({ minimum, maximum }: PropertyRules): boolean {
    const json = this.#json;
    const negative = json[this.#at] === minus;
    const first = negative ? this.#at + 1 : this.#at;
    let at = first;
    let size = 0;
    for (; json[at]! >= zero && json[at]! <= nine; at += 1) size = size * 10 + json[at]! - zero;
    const digits = at - first;
    if (digits === 0 || (digits > 1 && json[first] === zero) || !endsNumber(json[at])) return false;
    const value = negative ? -size : size;
    if (!isWithin(value, minimum, maximum)) return false;
    if (digits <= 15) {
      this.#out = putInt64(this.#bytes, putInt32(this.#bytes, this.#out, 8), value);
    } else {
      const exact = BigInt(json.toString("latin1", this.#at, at));
      if (BigInt.asIntN(64, exact) !== exact) return false;
      this.#out = this.#bytes.writeBigInt64BE(exact, putInt32(this.#bytes, this.#out, 8));
    }
    this.#at = at;
    return true;
  }

  #readNumeric({ minimum, maximum }: PropertyRules): boolean {
    const json = this.#json;
    const start = this.#at;
    const first = json[start] === minus ? start + 1 : start;
    const whole = digitsEnd(json, first);
    if (whole === first || (whole > first + 1 && json[first] === zero)) return false;
    const end = json[whole] === point ? digitsEnd(json, whole + 1) : whole;
    if (end === whole + 1 || !endsNumber(json[end])) return false;
    if (minimum !== undefined || maximum !== undefined) {
      const value = Number(json.toString("latin1", start, end));
      if (!isWithin(value, minimum, maximum)) return false;
    }
    const out = writeNumeric(json, first, whole, end, first > start, this.#bytes, this.#out);
    if (out === undefined) return false;
    this.#out = out;
    this.#at = end;
    return true;
  }

  #readDate(): boolean {
    const json = this.#json;
    const at = this.#at;
    if (json[at] !== quote || json[at + 11] !== quote) return false;
    const days = readDays(json, at + 1);
    if (days === undefined) return false;
    this.#out = putInt32(this.#bytes, putInt32(this.#bytes, this.#out, 4), days);
    this.#at = at + 12;
    return true;
  }

  #readInstant(): boolean {
    const json = this.#json;
    const start = this.#at + 1;
    if (json[start - 1] !== quote) return false;
    let close = start + shortestInstant;
    while (json[close] !== quote && close < this.#end) close += 1;
    const micros = readMicros(json, start, close);
    if (micros === undefined) return false;
    this.#out = putInt64(this.#bytes, putInt32(this.#bytes, this.#out, 8), micros);
    this.#at = close + 1;
    return true;
  }

  /** One value the way the whole row would otherwise have gone. */
  #readPlainly({ column, rules }: Slot): boolean {
    const value = this.#parseValue();
    if (value === undefined || value === null || !rules.check(value)) return false;
    const { rows } = this.#block;
    try {
      const text = encodeFor(value, column);
      rows.length = this.#out;
      this.#block.addField(fieldBytes(text, column.type));
    } catch {
      return false; // rejected, or in need of a wider column: the plain way finds the same
    }
    this.#out = rows.length;
    this.#reserve();
    return true;
  }

  /** The value that comes, whatever it is. Undefined if it is not JSON. */
  #parseValue() {
    const start = this.#at;
    this.#at = findValueEnd(this.#json, start, this.#end);
    return this.#at === -1 ? undefined : this.#parse(start, this.#at);
  }

  /** Undefined if it is not JSON. */
  #parse(start: number, end: number) {
    this.#seen |= 0x80; // not looked at, so it may be anything
    try {
      return parseJson(this.#json.toString("utf8", start, end));
    } catch {
      return undefined; // the plain way says what is wrong
    }
  }

  #writeAbsent(from: number, to: number): boolean {
    for (let position = from; position < to; position += 1) {
      if (this.#slots[position]!.required) return false;
      this.#out = putInt32(this.#bytes, this.#out, absentLength);
      this.#hasAbsent = true;
    }
    return true;
  }

  #readWord(word: string): boolean {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#json[this.#at + index] !== word.charCodeAt(index)) return false;
    }
    this.#at += word.length;
    return true;
  }

  #skipSpace(): void {
    const json = this.#json;
    for (let byte = json[this.#at]; byte === 0x20 || byte === 0x09; byte = json[this.#at]) {
      this.#at += 1;
    }
  }

  /** Room for all that may come of the bytes left. */
  #reserve(): void {
    const { rows } = this.#block;
    rows.length = this.#out;
    const fields = this.#slots.length * 4 + this.#metadata.length;
    rows.reserve(mostGrowth * (this.#end - this.#at) + fields);
    if (rows.bytes === this.#bytes) return;
    this.#bytes = rows.bytes;
    this.#outView = viewOf(rows.bytes);
  }
}

/**
 * A reader for a block, or undefined where only a look at whole rows can tell whether they are good.
 * @param layout the plan's columns in the order of the block's fields
 * @param onKeep called for each row kept
 */
export function createReader(
  block: TupleBlock,
  layout: readonly number[],
  plan: RowPlan,
  batchedAt: Date,
  onKeep: () => void,
): TupleReader | undefined {
  const { rules, keyProperties } = plan.fixed;
  if (rules === undefined) return undefined;
  const columns = layout.map((index) => plan.columns[index]!);
  const slots = planSlots(columns, rules, keyProperties);
  const filled = columns.filter(({ property }) => property === undefined);
  const metadata = new MetadataWriter(
    filled.map(({ name }) => name),
    batchedAt,
  );
  return new TupleReader(block, slots, rules.closed, metadata, onKeep);
}

function isWithin(value: number, minimum: number | undefined, maximum: number | undefined) {
  return (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum);
}
