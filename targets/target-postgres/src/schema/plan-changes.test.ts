/** Plans as data: whatever is found and wanted, one plan is enough, and nothing is narrowed or dropped. */
import fc from "fast-check";
import { columnTypes, joinTypes } from "./column-type.ts";
import { type Change, type Found, planChanges } from "./plan-changes.ts";
import type { Column, TableShape } from "./table-shape.ts";

const type = fc.constantFrom(...columnTypes);
const columns = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "A", "b", "c", "d"), type }),
  { selector: ({ name }) => name, minLength: 1 },
);
const shape = columns.chain((found) =>
  fc
    .subarray(found.map(({ name }) => name))
    .map((key): TableShape => ({ schema: "s", table: "t", columns: found, key })),
);
const nothing: Found = { schemaExists: false, table: undefined };

/** What PostgreSQL would make of a change. */
function apply({ table }: Found, change: Change): Found {
  const withColumns = (columns: readonly Column[], key: readonly string[]): Found => ({
    schemaExists: true,
    table: {
      columns: columns.map((column) => ({ ...column, postgresType: column.type })),
      key,
      hasMerge: true,
    },
  });
  const before = (table?.columns ?? []) as readonly Column[];
  switch (change.kind) {
    case "create-schema":
      return { schemaExists: true, table };
    case "create-table":
      return withColumns(change.shape.columns, change.shape.key);
    case "add-column":
      return withColumns([...before, change.column], table!.key);
    case "widen-column": {
      const widened = before.map(({ name, type }) =>
        name === change.name ? { name, type: change.to } : { name, type },
      );
      return withColumns(widened, table!.key);
    }
    case "add-key":
      return withColumns(before, change.key);
  }
}

const applyAll = (found: Found, wanted: TableShape) =>
  planChanges(found, wanted).reduce(apply, found);

test("after its plan a table needs no further change", () => {
  fc.assert(
    fc.property(fc.option(shape, { nil: undefined }), shape, (before, wanted) => {
      const found = before === undefined ? nothing : applyAll(nothing, before);
      expect(planChanges(applyAll(found, wanted), wanted)).toEqual([]);
    }),
  );
});

test("a plan keeps every column, each at least as wide as it was and as is wanted", () => {
  fc.assert(
    fc.property(shape, shape, (before, wanted) => {
      const { table } = applyAll(applyAll(nothing, before), wanted);
      const after = new Map(table!.columns.map(({ name, type }) => [name, type!]));
      for (const { name, type } of [...before.columns, ...wanted.columns]) {
        expect(joinTypes(after.get(name)!, type)).toBe(after.get(name));
      }
    }),
  );
});

test("shapes wanted in any order make tables of the same columns", () => {
  fc.assert(
    fc.property(shape, shape, (one, other) => {
      const columnsAfter = (first: TableShape, second: TableShape) =>
        new Map(
          applyAll(applyAll(nothing, first), second).table!.columns.map(({ name, type }) => [
            name,
            type,
          ]),
        );
      expect(columnsAfter(one, other)).toEqual(columnsAfter(other, one));
    }),
  );
});
