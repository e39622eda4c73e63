/** The rows of a whole run take the place of a table's. */
import type { ClientBase } from "pg";
import type { PostgresTable } from "../postgres-table.ts";
import { planChanges } from "../schema/plan-changes.ts";
import { readShape } from "../schema/read-shape.ts";
import { qualify } from "../schema/render-ddl.ts";
import { Destination, renderInsert } from "./merge-sql.ts";
import { applyChanges, prepareTable } from "./prepare-table.ts";

/**
 * Replaces the rows of the table people know by those gathered in the temporary one, in the caller's transaction.
 * The table stays, with its views, grants, indexes and columns that no longer come; TRUNCATE would show readers
 * with an older snapshot an empty table, so the rows are deleted.
 */
export async function overwriteTable(client: ClientBase, table: PostgresTable): Promise<void> {
  const gathered = await prepareTable(client, table);
  const wanted = { ...gathered, ...table.target };
  const changes = planChanges(await readShape(client, wanted), wanted);
  await applyChanges(client, wanted, changes);
  const { table: found } = await readShape(client, wanted);
  if (found === undefined) throw new TypeError("the table was not made");
  const to = new Destination(wanted, found, false);
  await client.query(`DELETE FROM ${qualify(wanted)}`);
  if (wanted.columns.length === 0) {
    await client.query(`INSERT INTO ${qualify(wanted)} SELECT FROM ${qualify(gathered)}`);
  } else await client.query(renderInsert(to, qualify(gathered), wanted.columns));
}
