/** Rows by what they have in common. */

/** The rows of each group, groups in order of their first row. Keys are compared by value. */
export function groupRows<Row>(
  rows: Iterable<Row>,
  keyOf: (row: Row) => string | readonly (string | null)[],
): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    appendTo(groups, JSON.stringify(keyOf(row)), row);
  }
  return [...groups.values()];
}

/** Adds to the list of a key, which it makes if there is none. */
export function appendTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
