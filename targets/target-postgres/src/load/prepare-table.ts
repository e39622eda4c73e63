/** Table changes at the edge: lock, compare with what is there now, change. */
import { ContractError } from "@bizops/singer";
import type { ClientBase, QueryResult } from "pg";
import type { PostgresTable } from "../postgres-table.ts";
import {
  type DependentView,
  readDependentViews,
  renderCreateView,
  renderDropView,
} from "../schema/dependent-views.ts";
import type { Change } from "../schema/plan-changes.ts";
import { readShape } from "../schema/read-shape.ts";
import { qualify, quoteText, renderChange } from "../schema/render-ddl.ts";
import type { TableShape } from "../schema/table-shape.ts";

/**
 * Locks other targets out of the tables until the commit; all take them in one order, so none waits in a circle.
 * Tables that are there are locked against changes by anybody.
 * @param begin whether to begin the transaction first, in the same round trip
 * @returns the transaction's id
 */
export async function lockTables(
  client: ClientBase,
  tables: readonly PostgresTable[],
  begin: boolean,
): Promise<string> {
  const names = tables.map(({ target }) => `bizops ${target.schema}.${target.table}`).sort();
  const existing = tables.filter(({ exists }) => exists).map(({ shape }) => qualify(shape));
  const statements = [
    ...(begin ? ["BEGIN"] : []),
    ...names.map((name) => `SELECT pg_advisory_xact_lock(hashtextextended(${quoteText(name)}, 0))`),
    ...(existing.length === 0 ? [] : [`LOCK TABLE ${existing.join(", ")} IN ROW EXCLUSIVE MODE`]),
    "SELECT pg_current_xact_id()::text AS id",
  ];
  const results = await client.query(statements.join("; ")).catch((error) => {
    // "permission denied for table Orders" leaves its schema out.
    const table = tables.find(({ target }) => error.message.endsWith(` ${target.table}`));
    if (table !== undefined) Object.assign(error, { streamTable: qualify(table.target) });
    throw error;
  });
  const last = [results].flat().at(-1) as QueryResult<{ id: string }>;
  return last.rows[0]!.id;
}

/**
 * Brings a locked table to the shape its rows need now; rows read meanwhile may widen it further, for the next
 * segment. What was known of it may be out of date, by another target or by its owner.
 */
export async function prepareTable(client: ClientBase, table: PostgresTable): Promise<TableShape> {
  const { shape } = table;
  table.refresh(await readShape(client, shape));
  const changes = table.changesTo(shape);
  if (changes.length > 0) {
    await applyChanges(client, shape, changes);
    table.refresh(await readShape(client, shape));
  }
  if (shape.key.length > 0) table.mayBeEmpty ??= await isEmpty(client, shape);
  return shape;
}

async function isEmpty(client: ClientBase, shape: TableShape): Promise<boolean> {
  const { rows } = await client.query<{ empty: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM ${qualify(shape)}) AS empty`,
  );
  return rows[0]!.empty;
}

/** Views that read a column to be widened are taken away and made again, so readers never miss them. */
export async function applyChanges(
  client: ClientBase,
  shape: { readonly schema: string; readonly table: string },
  changes: readonly Change[],
): Promise<void> {
  const widened = changes.flatMap((change) =>
    change.kind === "widen-column" ? [change.name] : [],
  );
  const views = widened.length === 0 ? [] : await readDependentViews(client, shape, widened);
  for (const view of [...views].reverse()) await client.query(renderDropView(view));
  for (const change of changes) {
    await client.query(renderChange(change, shape)).catch((cause) => {
      throw change.kind === "add-key" ? keyRefused(shape, change.key, cause) : cause;
    });
  }
  for (const view of views) {
    for (const statement of renderCreateView(view))
      await client.query(statement).catch(refuse(view));
  }
}

function keyRefused(
  shape: { readonly schema: string; readonly table: string },
  key: readonly string[],
  cause: { readonly code?: string },
): unknown {
  if (cause.code !== "23505" && cause.code !== "23502") return cause;
  return new ContractError(
    `the table ${shape.schema}.${shape.table} has no key yet, and its rows do not bear ${key.join(", ")} as one: a key comes twice or is null`,
    { cause },
  );
}

function refuse({ schema, table }: DependentView): (cause: unknown) => never {
  return (cause) => {
    throw new ContractError(
      `a column must be widened, and the view ${schema}.${table} cannot be made again upon the wider one; change or drop the view`,
      { cause },
    );
  };
}
