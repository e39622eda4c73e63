/** Table as found, table as wanted -> what to change. Pure. */

import { type ColumnType, joinTypes } from "./column-type.ts";
import type { Column, TableShape } from "./table-shape.ts";

/** One change of a table. */
export type Change =
  | { readonly kind: "create-schema"; readonly schema: string }
  | { readonly kind: "create-table"; readonly shape: TableShape }
  | { readonly kind: "add-column"; readonly column: Column }
  | {
      readonly kind: "widen-column";
      readonly name: string;
      readonly from: ColumnType;
      readonly to: ColumnType;
    }
  | { readonly kind: "add-key"; readonly key: readonly string[] };

/** A column found in a table; `undefined` type: one this target would not have made. It is left as it is. */
export interface FoundColumn {
  readonly name: string;
  readonly type: ColumnType | undefined;
  /** As `format_type` spells it. */
  readonly postgresType: string;
}

/** A table found in the database. */
export interface FoundTable {
  readonly columns: readonly FoundColumn[];
  readonly key: readonly string[];
  /** Whether its server has MERGE: PostgreSQL 15 and later. */
  readonly hasMerge: boolean;
}

/** What of a table's surroundings exists. */
export interface Found {
  readonly schemaExists: boolean;
  readonly table: FoundTable | undefined;
}

/** The changes that turn what was found into what is wanted; nothing is ever narrowed or dropped. */
export function planChanges(found: Found, wanted: TableShape): Change[] {
  const { table } = found;
  if (table === undefined) {
    return [
      ...(found.schemaExists ? [] : [{ kind: "create-schema" as const, schema: wanted.schema }]),
      { kind: "create-table", shape: wanted },
    ];
  }
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const changes = wanted.columns.flatMap((column): Change[] => {
    const existing = byName.get(column.name);
    if (existing === undefined) return [{ kind: "add-column", column }];
    if (existing.type === undefined) return [];
    const to = joinTypes(existing.type, column.type);
    return to === existing.type
      ? []
      : [{ kind: "widen-column", name: column.name, from: existing.type, to }];
  });
  if (wanted.key.length > 0 && table.key.length === 0) {
    changes.push({ kind: "add-key", key: wanted.key });
  }
  return changes;
}

/** The wanted shape with each type as wide as the column already there. */
export function widenTo(wanted: TableShape, table: FoundTable | undefined): TableShape {
  const found = new Map(table?.columns.map(({ name, type }) => [name, type]));
  return {
    ...wanted,
    columns: wanted.columns.map((column) => {
      const existing = found.get(column.name);
      return existing === undefined
        ? column
        : { ...column, type: joinTypes(existing, column.type) };
    }),
  };
}
