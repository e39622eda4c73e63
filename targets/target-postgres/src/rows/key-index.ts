/** Finds the earlier row of a key, by the bytes of its key fields. */

/** What the index asks of the rows it indexes; a row is known by where it starts. */
export interface KeyedRows {
  /** Equal for equal keys. */
  hashKey(row: number): number;
  sameKey(one: number, other: number): boolean;
}

const empty = -1;

/** Open addressing over the positions of rows: nothing is kept of a key but where it is. */
export class KeyIndex {
  readonly #rows: KeyedRows;
  readonly #slots: Int32Array;

  /** @param count the most keys there will be */
  constructor(rows: KeyedRows, count: number) {
    this.#rows = rows;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 1))).fill(empty);
  }

  /** The row of the same key, if one was entered. */
  find(row: number): number | undefined {
    const found = this.#slots[this.#slotOf(row)]!;
    return found === empty ? undefined : found;
  }

  /** Enters a row in place of an earlier one of its key. */
  enter(row: number): void {
    this.#slots[this.#slotOf(row)] = row;
  }

  /** The slot of the row's key, or the empty one it belongs into. */
  #slotOf(row: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#rows.hashKey(row) & mask;
    for (;;) {
      const other = this.#slots[slot]!;
      if (other === empty || this.#rows.sameKey(other, row)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
