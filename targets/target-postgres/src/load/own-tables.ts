/** The target's own tables beside the data: made when first needed. */
import type { ClientBase } from "pg";
import { readShape } from "../schema/read-shape.ts";
import { qualify, quote } from "../schema/render-ddl.ts";

/** Their names in the default schema. */
export const ownTables: ReadonlySet<string> = new Set(["_rejected", "_state"]);

/** Makes schema and table unless they exist, and returns the table's qualified name. */
export async function ensureTable(
  client: ClientBase,
  schema: string,
  table: string,
  definitions: readonly string[],
): Promise<string> {
  const found = await readShape(client, { schema, table });
  // CREATE ... IF NOT EXISTS asks for the privilege to create even where nothing has to be created.
  if (!found.schemaExists) await client.query(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`);
  const name = qualify({ schema, table });
  if (found.table === undefined) {
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} (${definitions.join(", ")})`);
  }
  return name;
}
