/** Which column types become which, and the SQL that does it. Pure. */
import type { SourceField } from "./source-catalog.ts";
import type { ColumnType } from "./template.ts";

type SourceType = SourceField["type"];

/** How well a type serves another: 1 as it is, less if it must be converted, 0 if it cannot be. */
export function weighTypes(from: SourceType, to: ColumnType): number {
  if (from === to) return 1;
  if (to === "day") return from === "date" || from === "timestamptz" ? 1 : 0;
  if (to === "text") return from === "jsonb" ? 0 : 0.8;
  const related = [numbers, times].some((kin) => kin.includes(from) && kin.includes(to));
  return related ? 0.9 : 0;
}

const numbers: readonly string[] = ["bigint", "numeric"];
const times: readonly string[] = ["date", "timestamptz"];

/** The type of a staging column that nothing feeds. */
export function emptyType(type: ColumnType): string {
  return type === "day" ? "date" : type;
}

/** A column of the raw table; what may be absent is null there. */
export interface RawColumn {
  readonly name: string;
  /** Null: the source no longer says. */
  readonly type: SourceType | null;
  /** The dbt variable of the table, where the table may lack the column. */
  readonly optionalIn?: string;
}

/** The SQL of a raw column as one of the type wanted. */
export function convertColumn(column: RawColumn, to: ColumnType): string {
  const { type } = column;
  if (to === "date" && type !== "date") return call("day", column, to);
  if (to === "timestamptz" && type === "date") return call("start_of_day", column, to);
  const sql = column.optionalIn === undefined ? quote(column.name) : `{{ ${jinja(column, to)} }}`;
  // Numbers are always cast: the loader widens integers in place.
  if (type === to && !numbers.includes(to)) return sql;
  return to === "day" ? sql : `cast(${sql} as ${to})`;
}

/** The first of a field's columns that is not null: the new name's, then those it had before. */
export function coalesceColumns(columns: readonly RawColumn[], to: ColumnType): string {
  // A day must be one type whatever its columns were.
  const type = to === "day" ? "date" : to;
  return `coalesce(${columns.map((column) => convertColumn(column, type)).join(", ")})`;
}

function call(macro: string, column: RawColumn, to: ColumnType): string {
  return `{{ ${macro}(${jinja(column, to)}) }}`;
}

/** A column as an argument of a macro. */
function jinja({ name, type, optionalIn }: RawColumn, to: ColumnType): string {
  if (optionalIn === undefined) return literal(quote(name));
  return `optional_column(${optionalIn}, ${literal(name)}, '${type ?? emptyType(to)}')`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
