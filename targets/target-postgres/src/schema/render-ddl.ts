/** Changes -> SQL. Pure. */
import pg from "pg";
import type { ColumnType } from "./column-type.ts";
import type { Change } from "./plan-changes.ts";
import type { Column } from "./table-shape.ts";

/** A quoted identifier. */
export const quote = pg.escapeIdentifier;

/** A quoted text. */
export const quoteText = pg.escapeLiteral;

/** A quoted, schema-qualified table name. */
export function qualify({ schema, table }: { schema: string; table: string }): string {
  return `${quote(schema)}.${quote(table)}`;
}

/** Definitions of columns, for CREATE TABLE. */
export function renderColumns(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${quote(name)} ${type}`).join(", ");
}

/** One statement that applies one change. */
export function renderChange(change: Change, where: { schema: string; table: string }): string {
  const table = qualify(where);
  switch (change.kind) {
    case "create-schema":
      return `CREATE SCHEMA IF NOT EXISTS ${quote(change.schema)}`;
    case "create-table": {
      const { columns, key } = change.shape;
      const constraint = key.length === 0 ? "" : `, ${renderKey(key)}`;
      return `CREATE TABLE ${table} (${renderColumns(columns)}${constraint})`;
    }
    case "add-column":
      return `ALTER TABLE ${table} ADD COLUMN ${quote(change.column.name)} ${change.column.type}`;
    case "widen-column": {
      const name = quote(change.name);
      const converted = renderConversion(name, change.from, change.to);
      return `ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${change.to} USING ${converted}`;
    }
    case "add-key":
      return `ALTER TABLE ${table} ADD ${renderKey(change.key)}`;
  }
}

function renderKey(key: readonly string[]): string {
  return `PRIMARY KEY (${key.map(quote).join(", ")})`;
}

/** The expression that carries a column's history over, in the same spelling new values arrive in. */
export function renderConversion(column: string, from: ColumnType, to: ColumnType): string {
  if (to === "numeric") return `${column}::numeric`;
  if (to === "timestamptz") return `(${column}::timestamp AT TIME ZONE 'UTC')`;
  const spelled =
    from === "boolean" || from === "bigint" || from === "numeric" ? column : undefined;
  // What JSON has a kind for stays of that kind.
  if (to === "jsonb" && spelled !== undefined) return `to_jsonb(${renderCanonical(spelled, from)})`;
  const text = renderText(column, from);
  return to === "jsonb" ? `to_jsonb(${text})` : text;
}

function renderCanonical(column: string, type: ColumnType): string {
  return type === "numeric" ? `trim_scale(${column})` : column;
}

function renderText(column: string, from: ColumnType): string {
  if (from !== "timestamptz") return `${renderCanonical(column, from)}::text`;
  const utc = `(${column} AT TIME ZONE 'UTC')`;
  const clock = `regexp_replace(to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '\\.?0+$', '')`;
  const era = `CASE WHEN extract(year FROM ${utc}) < 0 THEN 'Z BC' ELSE 'Z' END`;
  return `CASE WHEN isfinite(${column}) THEN ${clock} || ${era} ELSE ${column}::text END`;
}
