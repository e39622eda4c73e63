/** The rows of one stream in one segment, as tuples. This is the plain way in; `TupleReader` is the quick one. */
import type { Row } from "@bizops/singer";
import type { RowCollector, RowContext } from "@bizops/target-kit";
import { type EncodedRow, encodeRow } from "./encode-row.ts";
import { fieldBytes } from "./field-bytes.ts";
import type { RowMemory } from "./row-memory.ts";
import type { PlannedColumn, RowPlan } from "./row-plan.ts";
import { absentLength, nullLength, TupleBlock } from "./tuple-block.ts";
import { createReader, type TupleReader } from "./tuple-reader.ts";

/** A block, and how it was laid out. */
interface OpenBlock {
  readonly block: TupleBlock;
  /** The plan's columns it was made for. */
  readonly columns: readonly PlannedColumn[];
  readonly layout: readonly number[];
  readonly reader: TupleReader | undefined;
}

/**
 * Collects rows until the segment is loaded: in one block, or, where a column became wider on the way, in
 * several that must be loaded in order.
 */
export class TupleCollector implements RowCollector {
  readonly #plan: RowPlan;
  readonly #memory: RowMemory;
  readonly #batchedAt = new Date();
  readonly #closed: TupleBlock[] = [];
  #open: OpenBlock | undefined;
  #size = 0;

  constructor(plan: RowPlan, memory: RowMemory) {
    this.#plan = plan;
    this.#memory = memory;
  }

  get size(): number {
    return this.#size;
  }

  /** In the order they must be loaded in. */
  get blocks(): readonly TupleBlock[] {
    return this.#open === undefined ? this.#closed : [...this.#closed, this.#open.block];
  }

  /** Gives the memory of all rows back. */
  release(): void {
    for (const block of this.blocks) block.release();
  }

  get reader(): TupleReader | undefined {
    return this.#openBlock().reader;
  }

  add(row: Row, context: RowContext): void {
    const encoded = encodeRow(row, context, this.#plan, this.#batchedAt.toISOString());
    this.#plan.follow(Object.keys(row));
    this.#write(encoded, this.#openBlock());
    this.#size += 1;
  }

  absorb(later: RowCollector): void {
    if (!(later instanceof TupleCollector)) throw new TypeError("rows of another target");
    for (const block of later.blocks) {
      const last = this.#open?.block ?? this.#closed.at(-1);
      if (last !== undefined && sameColumns(last, block)) last.absorb(block);
      else {
        this.#close();
        this.#closed.push(block);
      }
    }
    this.#size += later.size;
  }

  #openBlock(): OpenBlock {
    const { columns } = this.#plan;
    if (this.#open?.columns === columns) return this.#open;
    this.#close();
    const layout = this.#plan.layout;
    const block = new TupleBlock(
      layout.map((index) => ({ name: columns[index]!.name, type: columns[index]!.type })),
      this.#plan.fixed.key.map((index) => layout.indexOf(index)),
      this.#memory,
    );
    const count = () => {
      this.#size += 1;
    };
    const reader = createReader(block, layout, this.#plan, this.#batchedAt, count);
    this.#open = { block, columns, layout, reader };
    return this.#open;
  }

  #close(): void {
    if (this.#open !== undefined && this.#open.block.size > 0) this.#closed.push(this.#open.block);
    this.#open = undefined;
  }

  #write(encoded: EncodedRow, { block, layout, columns }: OpenBlock): void {
    block.begin();
    let hasAbsent = false;
    for (const index of layout) {
      const text = encoded[index];
      if (typeof text === "string") block.addField(fieldBytes(text, columns[index]!.type));
      else block.rows.appendInt32(text === null ? nullLength : absentLength);
      hasAbsent ||= text === undefined;
    }
    block.keep(hasAbsent);
  }
}

function sameColumns(a: TupleBlock, b: TupleBlock): boolean {
  return (
    a.columns.length === b.columns.length &&
    a.columns.every(
      ({ name, type }, at) => b.columns[at]!.name === name && b.columns[at]!.type === type,
    )
  );
}
