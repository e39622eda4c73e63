/** Brings a block of rows into its table, inside the caller's transaction. */
import { type ClientBase, DatabaseError } from "pg";
import type { TupleBlock } from "../rows/tuple-block.ts";
import { qualify, quote } from "../schema/render-ddl.ts";
import { copyBlock } from "./copy-block.ts";
import {
  type Destination,
  presenceColumn,
  renderCopy,
  renderInsert,
  renderMerge,
  renderStaging,
} from "./merge-sql.ts";

const staging = "_bizops_staging";
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
    await stage(client, block, async () => {
      await client.query(renderInsert(to, staging, block.columns));
    });
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

/** Merges rows into what is there by key; columns a row does not carry keep their stored values. */
export async function mergeBlock(
  client: ClientBase,
  to: Destination,
  block: TupleBlock,
): Promise<void> {
  block.fold();
  const carried = block.settle();
  await stage(client, block, async () => {
    for (const statement of renderMerge(to, staging, block.columns, carried)) {
      await client.query(statement);
    }
  });
}

async function stage(
  client: ClientBase,
  block: TupleBlock,
  use: () => Promise<void>,
): Promise<void> {
  const { masks } = block.settle();
  const mask = masks === undefined ? [] : [{ name: presenceColumn, type: "text" as const }];
  const columns = [...block.columns, ...mask];
  await client.query(renderStaging(staging, columns));
  await copyBlock(client, renderCopy(quote(staging), columns), block, masks);
  await use();
  await client.query(`DROP TABLE ${quote(staging)}`);
}
