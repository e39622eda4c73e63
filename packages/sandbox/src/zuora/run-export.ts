/** Finds the rows of an export and writes them as CSV. */
import { DAY } from "../world/calendar.ts";
import type { Table } from "../world/table.ts";
import type { World } from "../world/world.ts";
import { findZuoraObject } from "./objects/all-objects.ts";
import { fromLocal, makeLocalWriter } from "./time-zone.ts";
import type { ZField, ZObject, ZType, ZValue } from "./zobject.ts";
import { parseZoql, type ZoqlCondition, type ZoqlQuery } from "./zoql.ts";

/** How long AQuA still tells of a deleted row. */
const RETENTION = 30 * DAY;

export interface ExportOptions {
  /** The name of a column that says whether a row is deleted. */
  readonly deletedColumn: string | null;
  readonly hidesDeleted: boolean;
  /** Milliseconds; rows changed before it are left out. */
  readonly since: number | null;
  readonly api: "aqua" | "export";
  readonly utc: boolean;
  /** Whether headers read as in the query: `Id`, and not `Account.Id`. */
  readonly queryLabels: boolean;
}

/** Rows frozen as they were when the export began. */
export interface Export {
  readonly rows: number;
  /** Header and rows `from` to `until` as CSV, piece by piece. */
  csv(from: number, until: number): Iterable<string>;
}

export type Refusal = { readonly refused: "syntax" | "deleted" } | { readonly field: string };

interface Column {
  readonly header: string;
  readonly type: ZType;
  read(row: unknown): ZValue;
}

export function runExport(text: string, world: World, options: ExportOptions): Export | Refusal {
  const query = parseZoql(text);
  const object = query && findZuoraObject(query.object);
  if (!query || !object) return { refused: "syntax" };
  if (options.deletedColumn !== null && !object.tellsDeleted) return { refused: "deleted" };
  const columns: Column[] = [];
  for (const name of query.fields) {
    const found = columnsOf(object, name, options);
    if (found === "unknown") return { refused: "syntax" };
    if (found === "refused") return { field: name };
    columns.push(...found);
  }
  const span = spanOf(object, query.where, options.since);
  if (span === null) return { refused: "syntax" };
  const table = object.table(world);
  const oldest = world.now - RETENTION;
  const found = findRows(table, span, query, (position) =>
    table.isDeleted(position) ? !options.hidesDeleted && table.changedAt(position) >= oldest : true,
  );
  const positions = found.subarray(0, query.limit ?? found.length);
  return { rows: positions.length, csv: (from, until) => write(from, until) };

  function* write(from: number, until: number): Generator<string> {
    const { deletedColumn } = options;
    const cell = makeCellWriter(options.utc);
    const headers = columns.map(({ header }) => header);
    if (deletedColumn !== null) headers.push(deletedColumn);
    let csv = `${headers.join(",")}\n`;
    for (let n = from; n < until; n++) {
      const position = positions[n]!;
      const row = table.row(position);
      const cells = columns.map((column) => cell(column.type, column.read(row)));
      if (deletedColumn !== null) cells.push(String(table.isDeleted(position)));
      csv += `${cells.join(",")}\n`;
      if (csv.length > 65_536) {
        yield csv;
        csv = "";
      }
    }
    yield csv;
  }
}

function columnsOf(
  object: ZObject,
  name: string,
  { api, queryLabels }: ExportOptions,
): Column[] | "unknown" | "refused" {
  const isRefused = ({ refused }: ZField): boolean =>
    refused === "always" || (refused === "by exports" && api === "export");
  const prefix = queryLabels ? "" : `${object.name}.`;
  if (name === "*") {
    return object.fields
      .filter((each) => each.exported && !isRefused(each))
      .map((field) => ({ header: prefix + field.name, type: field.type, read: field.read }));
  }
  const bare = name.replace(new RegExp(`^${object.name}\\.`, "i"), "");
  const field = object.fields.find((each) => each.name.toLowerCase() === bare.toLowerCase());
  if (field && isRefused(field)) return "refused";
  if (field?.exported) return [{ header: prefix + name, type: field.type, read: field.read }];
  const joined = object.joins.find((each) => `${each.name}.Id` === name);
  return joined ? [{ header: name, type: "text", read: joined.read }] : "unknown";
}

/** The span of times of change that the conditions leave; null for a condition on anything else. */
function spanOf(
  { changeField }: ZObject,
  where: readonly ZoqlCondition[],
  since: number | null,
): { from: number; until: number } | null {
  let from = since ?? Number.NEGATIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  for (const { field, operator, value } of where) {
    const time = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : fromLocal(value);
    if (changeField === null || field !== changeField || Number.isNaN(time)) return null;
    if (operator === ">=") from = Math.max(from, time);
    else if (operator === ">") from = Math.max(from, time + 1);
    else if (operator === "<") until = Math.min(until, time);
    else if (operator === "<=") until = Math.min(until, time + 1);
    else return null;
  }
  return { from, until };
}

/** In the order of change if that is asked for, else in that of ids. */
function findRows(
  table: Table<unknown>,
  { from, until }: { from: number; until: number },
  { orderBy }: ZoqlQuery,
  isShown: (position: number) => boolean,
): Uint32Array {
  const order = orderBy === null ? null : table.byChange();
  const found = new Uint32Array(table.count);
  let count = 0;
  for (let n = 0; n < table.count; n++) {
    const position = order ? order[n]! : n;
    const changedAt = table.changedAt(position);
    if (changedAt >= from && changedAt < until && isShown(position)) found[count++] = position;
  }
  return found.subarray(0, count);
}

/** Quotes only what needs it; null is nothing. */
function makeCellWriter(utc: boolean): (type: ZType, value: ZValue) => string {
  const local = makeLocalWriter();
  return (type, value) => {
    if (value === null) return "";
    if (type === "date") return new Date(value as number).toISOString().slice(0, 10);
    if (type === "datetime") {
      const time = value as number;
      return utc ? `${new Date(time).toISOString().slice(0, 19)}Z` : local(time);
    }
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
}
