/** The transaction: lock, apply changes, load rows, keep rejections and state, commit. */
import { renderJson } from "@bizops/singer";
import type { Segment } from "@bizops/target-kit";
import type { ClientBase } from "pg";
import { CollectedRows, type PostgresTable } from "../postgres-table.ts";
import { qualify } from "../schema/render-ddl.ts";
import { activateVersion } from "./activate-version.ts";
import { isMerged, loadRows, stageAhead } from "./load-rows.ts";
import { overwriteTable } from "./overwrite-table.ts";
import { lockTables, prepareTable } from "./prepare-table.ts";
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
  /** Whether the rows gathered in temporary tables take the place of those people know. */
  readonly overwrite: boolean;
  /** Settles when all segments before are in. @throws what failed in them */
  readonly arrives: Promise<void>;
  /** Called with the transaction's id right before it is committed. */
  onCommit(transactionId: string): void;
}

/**
 * Loads a segment whole or not at all. What can be done ahead is done before its turn: rows that will be merged
 * are copied into staging tables, which nobody else sees.
 * @param tables the open tables by stream
 */
export async function loadSegment(
  client: ClientBase,
  segment: Segment,
  tables: ReadonlyMap<string, PostgresTable>,
  turn: Turn,
  options: LoadOptions,
): Promise<void> {
  const collected = [...rowsOf(segment)].map(([, rows]) => rows);
  const ahead = collected.some(isMerged);
  if (ahead && turn.begin) await client.query("BEGIN");
  try {
    const staged = await stageAhead(client, collected);
    await turn.arrives;
    const written = tablesOf(segment, tables, turn);
    const transactionId = await lockTables(client, written, turn.begin && !ahead);
    for (const [stream, rows] of rowsOf(segment)) {
      await ofStream(stream, rows.table, async () => {
        await prepareTable(client, rows.table);
        await loadRows(client, rows, staged);
      });
    }
    for (const { stream, version } of segment.activations) {
      const table = findTable(tables, stream);
      const shape = await prepareTable(client, table);
      if (table.hasVersions) await activateVersion(client, shape, version, options.hardDelete);
    }
    if (turn.overwrite) {
      for (const [stream, table] of tables) {
        await ofStream(stream, table, () => overwriteTable(client, table));
      }
    }
    await keepRejections(client, options.defaultSchema, segment.rejections);
    if (options.stateId !== undefined && segment.state !== undefined) {
      const text = renderJson(segment.state);
      await writeStoredState(client, options.defaultSchema, options.stateId, text);
    }
    if (!turn.commit) return;
    turn.onCommit(transactionId);
    await client.query("COMMIT");
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

/** The tables people know that this segment writes to. */
function tablesOf(
  segment: Segment,
  tables: ReadonlyMap<string, PostgresTable>,
  { overwrite }: Turn,
): PostgresTable[] {
  if (overwrite) return [...tables.values()];
  const streams = new Set([
    ...segment.rows.keys(),
    ...segment.activations.map(({ stream }) => stream),
  ]);
  return [...streams].map((stream) => findTable(tables, stream));
}

function findTable(tables: ReadonlyMap<string, PostgresTable>, stream: string): PostgresTable {
  const table = tables.get(stream);
  if (table === undefined) throw new TypeError("a segment of a stream that is not open");
  return table;
}

/** Errors of the server do not know which stream they are about, nor mostly which table. */
async function ofStream(
  stream: string,
  { target }: PostgresTable,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { stream, streamTable: qualify(target) });
    throw error;
  }
}
