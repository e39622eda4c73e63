/** Staged rows -> the statements that bring them into their table. Pure. */
import { qualify, quote, renderColumns } from "../schema/render-ddl.ts";
import type { Column, TableShape } from "../schema/table-shape.ts";

/** In a staging table: for each of its columns whether the record carried it, as a string of 0 and 1. */
export const presenceColumn = "_bizops_present";

/** The staging table of a load; it vanishes with the transaction. */
export function renderStaging(name: string, columns: readonly Column[], mixed: boolean): string {
  const all = mixed ? [...columns, { name: presenceColumn, type: "text" } as const] : columns;
  return `CREATE TEMP TABLE ${quote(name)} (${renderColumns(all)}) ON COMMIT DROP`;
}

/** COPY into a table. */
export function renderCopy(table: string, columns: readonly string[]): string {
  return `COPY ${table} (${columns.map(quote).join(", ")}) FROM STDIN`;
}

/**
 * Merges a staging table whose keys are distinct. Columns a record did not carry keep their stored values.
 * @param columns the staged columns
 * @param mixed whether the rows carry different columns; the staging table then has the presence column
 */
export function renderMerge(
  shape: TableShape,
  staging: string,
  columns: readonly Column[],
  mixed: boolean,
): string[] {
  const table = qualify(shape);
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const key = shape.key.map(quote);
  const changing = columns.filter(({ name }) => !shape.key.includes(name));
  if (!mixed) {
    const action =
      changing.length === 0
        ? "NOTHING"
        : `UPDATE SET ${changing.map(({ name }) => `${quote(name)} = EXCLUDED.${quote(name)}`).join(", ")}`;
    return [
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${quote(staging)} ` +
        `ON CONFLICT (${key.join(", ")}) DO ${action}`,
    ];
  }
  const sameKey = key.map((name) => `t.${name} = s.${name}`).join(" AND ");
  const assignments = columns.flatMap(({ name }, index) => {
    if (shape.key.includes(name)) return [];
    const column = quote(name);
    const carried = `substr(s.${quote(presenceColumn)}, ${index + 1}, 1) = '1'`;
    return [`${column} = CASE WHEN ${carried} THEN s.${column} ELSE t.${column} END`];
  });
  return [
    `UPDATE ${table} t SET ${assignments.join(", ")} FROM ${quote(staging)} s WHERE ${sameKey}`,
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${quote(staging)} ON CONFLICT DO NOTHING`,
  ];
}
