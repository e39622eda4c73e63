/** `_state`: the state of a run, kept in the transaction of the data it covers. */
import type { ClientBase } from "pg";
import { readShape } from "../schema/read-shape.ts";
import { qualify } from "../schema/render-ddl.ts";
import { ensureTable } from "./own-tables.ts";

const table = "_state";

/** The state's JSON text, or undefined if there is none. */
export async function readStoredState(
  client: ClientBase,
  schema: string,
  stateId: string,
): Promise<string | undefined> {
  const found = await readShape(client, { schema, table });
  if (found.table === undefined) return undefined;
  const { rows } = await client.query<{ state: string }>(
    `SELECT state FROM ${qualify({ schema, table })} WHERE state_id = $1`,
    [stateId],
  );
  return rows[0]?.state;
}

/** Replaces the state, in the caller's transaction. */
export async function writeStoredState(
  client: ClientBase,
  schema: string,
  stateId: string,
  text: string,
): Promise<void> {
  const name = await ensureTable(client, schema, table, [
    "state_id text PRIMARY KEY",
    "state text NOT NULL",
    "updated_at timestamptz NOT NULL DEFAULT now()",
  ]);
  await client.query(
    `INSERT INTO ${name} (state_id, state) VALUES ($1, $2)
     ON CONFLICT (state_id) DO UPDATE SET state = EXCLUDED.state, updated_at = now()`,
    [stateId, text],
  );
}
