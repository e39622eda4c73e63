/** Table changes at the edge: lock, compare with what is there now, change. */
import { ContractError } from "@bizops/singer";
import type { ClientBase } from "pg";
import type { PostgresTable } from "../postgres-table.ts";
import {
  type DependentView,
  readDependentViews,
  renderCreateView,
  renderDropView,
} from "../schema/dependent-views.ts";
import type { Change } from "../schema/plan-changes.ts";
import { readShape } from "../schema/read-shape.ts";
import { qualify, renderChange } from "../schema/render-ddl.ts";
import type { TableShape } from "../schema/table-shape.ts";

/** Locks other targets out of the tables until the commit; all take them in one order, so none waits in a circle. */
export async function lockTables(
  client: ClientBase,
  tables: readonly PostgresTable[],
): Promise<void> {
  const names = tables.map(({ target }) => `bizops ${target.schema}.${target.table}`).sort();
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
       FROM unnest($1::text[]) WITH ORDINALITY AS t (name, place) ORDER BY place`,
    [names],
  );
}

/**
 * Brings a table to the shape its rows need now; rows read meanwhile may widen it further, for the next segment.
 * What was known of it may be out of date, by another target or by its owner; from here to the commit nobody else
 * changes its columns.
 */
export async function prepareTable(client: ClientBase, table: PostgresTable): Promise<TableShape> {
  const { shape } = table;
  if (table.exists) await client.query(`LOCK TABLE ${qualify(shape)} IN ROW EXCLUSIVE MODE`);
  table.refresh(await readShape(client, shape));
  const changes = table.changesTo(shape);
  if (changes.length > 0) {
    await applyChanges(client, shape, changes);
    table.refresh(await readShape(client, shape));
  }
  table.mayBeEmpty ??= await isEmpty(client, shape);
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
