/** Brings a block of rows into its table, inside the caller's transaction. */
import { type ClientBase, DatabaseError } from "pg";
import type { TupleBlock } from "../rows/tuple-block.ts";
import { qualify, quote } from "../schema/render-ddl.ts";
import { copyBlock } from "./copy-block.ts";
import {
  type Destination,
  presenceColumn,
  renderCopy,
  renderDrop,
  renderInsert,
  renderMerge,
  renderStaging,
} from "./merge-sql.ts";

const uniqueViolation = "23505";

/**
 * Puts rows beside what is there.
 * @returns false if one of their keys came twice or was there before; nothing has been done then
 */
export async function insertBlock(
  client: ClientBase,
  to: Destination,
  block: TupleBlock,
): Promise<boolean> {
  block.settle();
  if (block.columns.length === 0) {
    const empty = `INSERT INTO ${qualify(to.shape)} SELECT FROM generate_series(1, $1)`;
    await client.query(empty, [block.size]);
    return true;
  }
  if (!to.takes(block.columns)) {
    const staging = await stageBlock(client, block, 0);
    await client.query(
      `${renderInsert(to, quote(staging), block.columns)}; ${renderDrop(staging)}`,
    );
    return true;
  }
  const keyed = to.shape.key.length > 0;
  if (keyed) await client.query("SAVEPOINT before_copy");
  try {
    await copyBlock(client, renderCopy(qualify(to.shape), block.columns), block);
  } catch (error) {
    if (!keyed || !(error instanceof DatabaseError) || error.code !== uniqueViolation) throw error;
    await client.query("ROLLBACK TO SAVEPOINT before_copy");
    return false;
  }
  return true;
}

/**
 * Copies rows into a temporary table that vanishes with the transaction.
 * @param number tells the staging tables of a transaction apart
 * @returns its name
 */
export async function stageBlock(
  client: ClientBase,
  block: TupleBlock,
  number: number,
): Promise<string> {
  block.fold();
  const { masks } = block.settle();
  const staging = `_bizops_staging_${number}`;
  const mask =
    masks === undefined ? [] : [{ name: presenceColumn(block.columns), type: "text" as const }];
  const columns = [...block.columns, ...mask];
  await client.query(renderStaging(staging, columns));
  await copyBlock(client, renderCopy(quote(staging), columns), block, masks);
  return staging;
}

/** Merges staged rows into what is there by key; columns a row does not carry keep their stored values. */
export async function mergeStaged(
  client: ClientBase,
  to: Destination,
  block: TupleBlock,
  staging: string,
): Promise<void> {
  const statements = renderMerge(to, staging, block.columns, block.settle());
  await client.query([...statements, renderDrop(staging)].join("; "));
}
