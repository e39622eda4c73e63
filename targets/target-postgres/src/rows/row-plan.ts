/** What a collector needs to know of its table: columns as wide as the rows so far need, in the order records list them. */
import type { RowRules } from "@bizops/target-kit";
import { type ColumnType, joinTypes } from "../schema/column-type.ts";

/** A column as rows see it. */
export interface PlannedColumn {
  readonly name: string;
  /** The record's property; undefined: filled by the target. */
  readonly property: string | undefined;
  /** The type the stream's schema asks for; `type` may be wider. */
  readonly declared: ColumnType;
  readonly type: ColumnType;
  /** A date-time beside a string: its values may turn out to be text. */
  readonly mayBeText: boolean;
  /** Whether rows are told apart by it. */
  readonly isKey: boolean;
}

/** What does not change with the rows. */
export interface FixedPlan {
  /** Indexes of the key's columns; empty: rows stand side by side. */
  readonly key: readonly number[];
  /** Key properties that must be there even where rows stand side by side. */
  readonly keyProperties: readonly string[];
  /** Undefined if rows must be parsed and checked whole. */
  readonly rules: RowRules | undefined;
}

/** A stream's plan; it grows with the rows it meets. */
export class RowPlan {
  readonly fixed: FixedPlan;
  #columns: readonly PlannedColumn[];
  #order: readonly number[];
  /** Of each index in `#order`. */
  #positions: ReadonlyMap<number, number> = new Map();
  readonly #filled: readonly number[];
  readonly #byProperty: ReadonlyMap<string, number>;

  constructor(columns: readonly PlannedColumn[], fixed: FixedPlan) {
    this.fixed = fixed;
    this.#columns = columns;
    const indexes = [...columns.keys()];
    this.#order = [];
    this.#setOrder(indexes.filter((index) => columns[index]!.property !== undefined));
    this.#filled = indexes.filter((index) => columns[index]!.property === undefined);
    this.#byProperty = new Map(this.#order.map((index) => [columns[index]!.property!, index]));
  }

  /** Another array once a column has become wider. */
  get columns(): readonly PlannedColumn[] {
    return this.#columns;
  }

  /** Indexes of the columns in the order in which rows are written: properties first, as records list them. */
  get layout(): readonly number[] {
    return [...this.#order, ...this.#filled];
  }

  /** Makes a column as wide as a value needs. */
  widen(index: number, to: ColumnType): void {
    this.#columns = this.#columns.map((column, at) =>
      at === index ? { ...column, type: joinTypes(column.type, to) } : column,
    );
  }

  /** Takes the order of a record's properties for the blocks to come, unless the order kept fits it. */
  follow(properties: readonly string[]): void {
    const met = properties.flatMap((property) => this.#byProperty.get(property) ?? []);
    const at = met.map((index) => this.#positions.get(index)!);
    if (at.every((position, index) => index === 0 || position > at[index - 1]!)) return;
    const listed = new Set(met);
    this.#setOrder([...met, ...this.#order.filter((index) => !listed.has(index))]);
  }

  #setOrder(order: readonly number[]): void {
    this.#order = order;
    this.#positions = new Map(order.map((index, position) => [index, position]));
  }
}
