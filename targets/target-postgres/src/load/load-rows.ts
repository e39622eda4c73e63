/** Which way the rows of a stream go into their table: copied into it, or merged by way of a staging table. */
import type { ClientBase } from "pg";
import type { CollectedRows, PostgresTable } from "../postgres-table.ts";
import type { TupleBlock } from "../rows/tuple-block.ts";
import { insertBlock, mergeStaged, stageBlock } from "./load-block.ts";
import type { Destination } from "./merge-sql.ts";

/** The staging tables made ahead, by the block in them. */
export type Staged = ReadonlyMap<TupleBlock, string>;

/** Copies the rows whose tables are known to hold some, and so will be merged. */
export async function stageAhead(
  client: ClientBase,
  collected: readonly CollectedRows[],
): Promise<Staged> {
  const staged = new Map<TupleBlock, string>();
  for (const { blocks } of collected.filter(isMerged)) {
    for (const block of blocks) staged.set(block, await stageBlock(client, block, staged.size));
  }
  return staged;
}

/** Whether it is known that rows must be merged. */
export function isMerged({ table }: CollectedRows): boolean {
  return table.shape.key.length > 0 && table.mayBeEmpty === false;
}

/** Brings the rows into their table, which has been prepared for them. */
export async function loadRows(
  client: ClientBase,
  { table, blocks }: CollectedRows,
  staged: Staged,
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
