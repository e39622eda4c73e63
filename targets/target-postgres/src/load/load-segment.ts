/** The transaction: lock, apply changes, load rows, keep rejections and state, commit. */
import { ContractError, renderJson } from "@bizops/singer";
import type { Segment } from "@bizops/target-kit";
import type { ClientBase } from "pg";
import { CollectedRows, type PostgresTable } from "../postgres-table.ts";
import type { TupleBlock } from "../rows/tuple-block.ts";
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
import { activateVersion } from "./activate-version.ts";
import { insertBlock, mergeStaged, stageBlock } from "./load-block.ts";
import type { Destination } from "./merge-sql.ts";
import { keepRejections } from "./rejected-rows.ts";
import { writeStoredState } from "./stored-state.ts";

/** What a load needs to know beside the segment. */
export interface LoadOptions {
  readonly defaultSchema: string;
  readonly stateId: string | undefined;
  readonly hardDelete: boolean;
}

/** Where a segment stands among the others. */
export interface Turn {
  /** False: the transaction is open already. */
  readonly begin: boolean;
  /** False: the transaction stays open for the next segment. */
  readonly commit: boolean;
  /** Settles when all segments before are in. @throws what failed in them */
  readonly arrives: Promise<void>;
  /** Called with the transaction's id right before it is committed. */
  onCommit(transactionId: string): void;
}

/**
 * Loads a segment whole or not at all. What can be done ahead is done before its turn: rows that will be merged
 * are copied into staging tables, which nobody else sees.
 * @param tables the open tables by stream, for activations of streams without rows in this segment
 */
export async function loadSegment(
  client: ClientBase,
  segment: Segment,
  tables: ReadonlyMap<string, PostgresTable>,
  turn: Turn,
  options: LoadOptions,
): Promise<void> {
  if (turn.begin) await client.query("BEGIN");
  try {
    const staged = await stageAhead(client, segment);
    await turn.arrives;
    for (const [stream, collected] of rowsOf(segment)) {
      await ofStream(stream, async () => {
        await prepareTable(client, collected.table);
        await loadRows(client, collected, staged);
      });
    }
    for (const { stream, version } of segment.activations) {
      const table = tables.get(stream);
      if (table === undefined) throw new TypeError("activation of a stream that is not open");
      const shape = await prepareTable(client, table);
      await activateVersion(client, shape, version, options.hardDelete);
    }
    await keepRejections(client, options.defaultSchema, segment.rejections);
    if (options.stateId !== undefined && segment.state !== undefined) {
      const text = renderJson(segment.state);
      await writeStoredState(client, options.defaultSchema, options.stateId, text);
    }
    if (turn.commit) await commit(client, turn);
  } catch (error) {
    // A connection that is gone has rolled back by itself; the first error is the one that tells.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** The segment's rows as this target collected them, by stream. */
export function* rowsOf(segment: Segment): Generator<[string, CollectedRows]> {
  for (const [stream, rows] of segment.rows) {
    if (!(rows instanceof CollectedRows)) throw new TypeError("rows of another target");
    yield [stream, rows];
  }
}

async function commit(client: ClientBase, turn: Turn): Promise<void> {
  const { rows } = await client.query<{ id: string }>("SELECT pg_current_xact_id()::text AS id");
  turn.onCommit(rows[0]!.id);
  await client.query("COMMIT");
}

/** Copies the rows whose tables are known to hold some, and so will be merged. */
async function stageAhead(
  client: ClientBase,
  segment: Segment,
): Promise<ReadonlyMap<TupleBlock, string>> {
  const staged = new Map<TupleBlock, string>();
  for (const [stream, { table, blocks }] of rowsOf(segment)) {
    if (table.shape.key.length === 0 || table.mayBeEmpty !== false) continue;
    for (const block of blocks) {
      await ofStream(stream, async () => {
        staged.set(block, await stageBlock(client, block, staged.size));
      });
    }
  }
  return staged;
}

/**
 * Locks out other targets until the commit, then brings the table to the shape its rows need now; rows read
 * meanwhile may widen it further, for the next segment.
 */
async function prepareTable(client: ClientBase, table: PostgresTable): Promise<TableShape> {
  const { shape } = table;
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [
    `bizops ${shape.schema}.${shape.table}`,
  ]);
  if (table.changesTo(shape).length > 0) {
    // Another target may have made the same changes while we waited for the lock.
    table.refresh(await readShape(client, shape));
    await applyChanges(client, shape, table.changesTo(shape));
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

async function loadRows(
  client: ClientBase,
  { table, blocks }: CollectedRows,
  staged: ReadonlyMap<TupleBlock, string>,
): Promise<void> {
  const to = table.destination;
  for (const block of blocks) {
    if (to.shape.key.length === 0) await insertBlock(client, to, block);
    else if (staged.has(block)) await mergeStaged(client, to, block, staged.get(block)!);
    else if (!(await insertNewKeys(client, table, to, block))) {
      await mergeStaged(client, to, block, await stageBlock(client, block, staged.size));
    }
  }
}

/**
 * Rows of a table that had none when the run began mostly have new keys, and inserting is cheaper than merging;
 * the first that does not have one tells. Where keys come twice within a segment, folding is cheaper still.
 */
async function insertNewKeys(
  client: ClientBase,
  table: PostgresTable,
  to: Destination,
  block: TupleBlock,
): Promise<boolean> {
  if (!table.mayBeEmpty || to.deletes || !to.takes(block.columns)) return false;
  if (table.keysComeTwice || block.hasAbsent) block.fold();
  if (await insertBlock(client, to, block)) return true;
  table.keysComeTwice ||= block.fold();
  table.mayBeEmpty = table.keysComeTwice && (await insertBlock(client, to, block));
  return table.mayBeEmpty;
}

/** Views that read a column to be widened are taken away and made again, so readers never miss them. */
async function applyChanges(
  client: ClientBase,
  shape: TableShape,
  changes: readonly Change[],
): Promise<void> {
  const widened = changes.flatMap((change) =>
    change.kind === "widen-column" ? [change.name] : [],
  );
  const views = widened.length === 0 ? [] : await readDependentViews(client, shape, widened);
  for (const view of [...views].reverse()) await client.query(renderDropView(view));
  for (const change of changes) await client.query(renderChange(change, shape));
  for (const view of views) {
    for (const statement of renderCreateView(view))
      await client.query(statement).catch(refuse(view));
  }
}

function refuse({ schema, table }: DependentView): (cause: unknown) => never {
  return (cause) => {
    throw new ContractError(
      `a column must be widened, and the view ${schema}.${table} cannot be made again upon the wider one; change or drop the view`,
      { cause },
    );
  };
}

/** Errors of the server do not know which stream they are about. */
async function ofStream(stream: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { stream }) : error;
  }
}
