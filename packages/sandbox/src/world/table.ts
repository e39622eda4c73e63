/** A kind's rows in their order, holding per row only its key, time of change and deletion, never the row itself. */

/** Called once for each row, in ascending order of keys. */
export type Emit = (key: number, changedAt: number, deleted: boolean) => void;

/** Rows are made when asked for and not kept. */
export interface Table<Row> {
  readonly count: number;
  keyAt(position: number): number;
  /** Milliseconds since 1970 of the row's latest change. */
  changedAt(position: number): number;
  isDeleted(position: number): boolean;
  /** The position of a key; -1 if no such row exists. */
  find(key: number): number;
  row(position: number): Row;
  /** Positions in ascending order of change, then key. */
  byChange(): Uint32Array;
}

/** Collects a kind's rows with one call of `scan`. */
export function makeTable<Row>(
  scan: (emit: Emit) => void,
  rowOf: (key: number) => Row,
): Table<Row> {
  let keys = new Uint32Array(1024);
  let times = new Float64Array(1024);
  let gone = new Uint8Array(1024);
  let count = 0;
  scan((key, changedAt, deleted) => {
    if (count === keys.length) {
      keys = grow(keys, Uint32Array);
      times = grow(times, Float64Array);
      gone = grow(gone, Uint8Array);
    }
    keys[count] = key;
    times[count] = changedAt;
    gone[count] = deleted ? 1 : 0;
    count++;
  });
  let order: Uint32Array | null = null;
  return {
    count,
    keyAt: (position) => keys[position]!,
    changedAt: (position) => times[position]!,
    isDeleted: (position) => gone[position] === 1,
    find: (key) => findKey(keys, count, key),
    row: (position) => rowOf(keys[position]!),
    byChange: () => {
      order ??= orderByTime(times, count);
      return order;
    },
  };
}

function grow<A extends Uint32Array | Float64Array | Uint8Array>(
  old: A,
  make: new (length: number) => A,
): A {
  const bigger = new make(old.length * 2);
  bigger.set(old);
  return bigger;
}

function findKey(keys: Uint32Array, count: number, key: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = keys[middle]!;
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Sorts positions by packing whole seconds and position into one double, which sorts natively without a callback. */
function orderByTime(times: Float64Array, count: number): Uint32Array {
  const packed = new Float64Array(count);
  const earliest = Date.UTC(2020, 0, 1);
  for (let i = 0; i < count; i++) packed[i] = ((times[i]! - earliest) / 1000) * 8_388_608 + i;
  packed.sort();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = packed[i]! % 8_388_608;
  return order;
}
