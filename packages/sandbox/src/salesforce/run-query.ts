/** Finds the rows a query is about, as positions in the object's table, in the order asked for. */
import type { Table } from "../world/table.ts";
import type { World } from "../world/world.ts";
import type { BoundOrdering, BoundQuery } from "./bind-query.ts";
import { comparable } from "./bind-query.ts";

/** @param withHidden also rows deleted and archived, as `queryAll` gives them */
export function runQuery(query: BoundQuery, world: World, withHidden: boolean): Uint32Array {
  const { object } = query;
  const table = object.table(world);
  const byTime = isOrderedByTime(query);
  const isBounded = Number.isFinite(query.from) || Number.isFinite(query.until);
  const order = byTime || isBounded ? slice(table, query.from, query.until) : null;
  const total = order ? order.length : table.count;
  const found = new Uint32Array(total);
  const enough = byTime || query.orderBy.length === 0 ? query.limit : total;
  let count = 0;
  for (let n = 0; n < total && count < enough; n++) {
    const position = order ? order[n]! : n;
    if (!withHidden) {
      if (table.isDeleted(position)) continue;
      if (object.isArchived(world, table.keyAt(position))) continue;
    }
    if (query.test && !query.test(table.row(position))) continue;
    found[count++] = position;
  }
  const rows = found.subarray(0, count);
  if (!byTime && query.orderBy.length > 0)
    return sort(table, rows, query.orderBy).subarray(0, query.limit);
  return rows;
}

/** Ties in the time of change are in order of ids either way. */
function isOrderedByTime(query: BoundQuery): boolean {
  const [first, second, third] = query.orderBy;
  if (!first || first.descending || third) return false;
  if (first.field.name !== query.object.changeField) return false;
  return !second || (second.field.name === "Id" && !second.descending);
}

/** The positions of rows changed in a span of time, in order of change. */
function slice(table: Table<unknown>, from: number, until: number): Uint32Array {
  const order = table.byChange();
  const firstAt = (time: number): number => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (table.changedAt(order[middle]!) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return order.subarray(firstAt(from), Math.max(firstAt(from), firstAt(until)));
}

function sort(
  table: Table<unknown>,
  rows: Uint32Array,
  orderBy: readonly BoundOrdering[],
): Uint32Array {
  const keys = new Map<number, (string | number | boolean | null)[]>();
  for (const position of rows) {
    const row = table.row(position);
    keys.set(
      position,
      orderBy.map(({ field }) => comparable(field, field.read(row))),
    );
  }
  return rows.sort((a, b) => {
    const left = keys.get(a)!;
    const right = keys.get(b)!;
    for (let n = 0; n < orderBy.length; n++) {
      const difference = compare(left[n]!, right[n]!, orderBy[n]!);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

function compare(
  left: string | number | boolean | null,
  right: string | number | boolean | null,
  { descending, nullsLast }: BoundOrdering,
): number {
  if (left === right) return 0;
  if (left === null) return nullsLast ? 1 : -1;
  if (right === null) return nullsLast ? -1 : 1;
  return left < right === descending ? 1 : -1;
}
