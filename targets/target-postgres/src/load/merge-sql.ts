/** Staged rows -> the statements that bring them into their table. Pure. */
import type { Carried } from "../rows/tuple-block.ts";
import type { FoundColumn, FoundTable } from "../schema/plan-changes.ts";
import { qualify, quote, renderColumns, renderConversion } from "../schema/render-ddl.ts";
import type { Column, TableShape } from "../schema/table-shape.ts";

/**
 * In a staging table: for each of its columns whether the record carried it, as a string of 0 and 1.
 * @returns a name that none of the columns has
 */
export function presenceColumn(columns: readonly Column[]): string {
  let name = "_bizops_present";
  while (columns.some((column) => column.name === name)) name += "_";
  return name;
}

/** A table rows are loaded into, as the database has it. */
export class Destination {
  readonly shape: TableShape;
  readonly #found: ReadonlyMap<string, FoundColumn>;
  /** Whether a staged row with a value in `_sdc_deleted_at` takes its row away. */
  readonly deletes: boolean;
  /** PostgreSQL has MERGE from 15 on. */
  readonly hasMerge: boolean;

  constructor(shape: TableShape, { columns, hasMerge }: FoundTable, deletes: boolean) {
    this.shape = shape;
    this.#found = new Map(columns.map((column) => [column.name, column]));
    this.deletes = deletes;
    this.hasMerge = hasMerge;
  }

  /** Whether columns of these types can be copied into the table as they are. */
  takes(columns: readonly Column[]): boolean {
    return columns.every(({ name, type }) => this.#found.get(name)?.type === type);
  }

  /** A staged column as the table's own type: it may have become wider, or be none this target makes. */
  convert({ name, type }: Column): string {
    const column = `s.${quote(name)}`;
    const found = this.#found.get(name);
    if (found === undefined || found.type === type) return column;
    if (found.type === undefined) return `${column}::text::${found.postgresType}`;
    return renderConversion(column, type, found.type);
  }
}

/** The staging table of a load; it vanishes with the transaction. */
export function renderStaging(name: string, columns: readonly Column[]): string {
  return `CREATE TEMP TABLE ${quote(name)} (${renderColumns(columns)}) ON COMMIT DROP`;
}

export function renderDrop(staging: string): string {
  return `DROP TABLE ${quote(staging)}`;
}

/** COPY into a table. */
export function renderCopy(table: string, columns: readonly Column[]): string {
  return `COPY ${table} (${names(columns)}) FROM STDIN (FORMAT binary)`;
}

/**
 * All rows of a table into another.
 * @param from its name, quoted
 */
export function renderInsert(to: Destination, from: string, columns: readonly Column[]): string {
  return `INSERT INTO ${qualify(to.shape)} (${names(columns)}) SELECT ${columns.map((column) => to.convert(column)).join(", ")} FROM ${from} s`;
}

/**
 * Merges a staging table whose keys are distinct. Columns a record did not carry keep their stored values.
 * @param staged its columns; if the rows carry different ones, the presence column follows them
 */
export function renderMerge(
  to: Destination,
  staging: string,
  staged: readonly Column[],
  { any, masks }: Carried,
): string[] {
  const { shape } = to;
  const table = qualify(shape);
  const columns = staged.filter((_, position) => any[position]);
  const key = staged.filter(({ name }) => shape.key.includes(name));
  const sameKey = key
    .map((column) => `t.${quote(column.name)} = ${to.convert(column)}`)
    .join(" AND ");
  const assignments = staged.flatMap((column, position) => {
    if (!any[position] || shape.key.includes(column.name)) return [];
    const name = quote(column.name);
    const value = to.convert(column);
    if (masks === undefined) return [`${name} = ${value}`];
    const carried = `substr(s.${quote(presenceColumn(staged))}, ${position + 1}, 1) = '1'`;
    return [`${name} = CASE WHEN ${carried} THEN ${value} ELSE t.${name} END`];
  });
  const from = `${quote(staging)} s`;
  const values = columns.map((column) => to.convert(column)).join(", ");
  const merge = to.hasMerge
    ? [
        `MERGE INTO ${table} t USING ${from} ON ${sameKey}` +
          (assignments.length === 0
            ? ""
            : ` WHEN MATCHED THEN UPDATE SET ${assignments.join(", ")}`) +
          ` WHEN NOT MATCHED THEN INSERT (${names(columns)}) VALUES (${values})`,
      ]
    : [
        ...(assignments.length === 0
          ? []
          : [`UPDATE ${table} t SET ${assignments.join(", ")} FROM ${from} WHERE ${sameKey}`]),
        `INSERT INTO ${table} (${names(columns)}) SELECT ${values} FROM ${from} ON CONFLICT (${shape.key.map(quote).join(", ")}) DO NOTHING`,
      ];
  const remove = `DELETE FROM ${table} t USING ${from} WHERE ${sameKey} AND s."_sdc_deleted_at" IS NOT NULL`;
  return [...lookUpByIndex, ...merge, ...(to.deletes ? [remove] : []), ...asBefore];
}

/**
 * A segment is small beside its table: each of its rows is looked up by the key's index. Left to itself the
 * planner, which knows nothing of a staging table, may read the whole table for every segment.
 */
const lookUpByIndex = ["SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off"];
const asBefore = ["SET LOCAL enable_hashjoin = on", "SET LOCAL enable_mergejoin = on"];

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => quote(name)).join(", ");
}
