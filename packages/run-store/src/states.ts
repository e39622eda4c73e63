/** The states of pipelines whose target keeps none, and the history of all states. */
import { insist } from "./connect.ts";
import type { Database } from "./database.ts";

/** Where a version of a state came from. */
export type StateOrigin = "run" | "set" | "clear" | "copy";

/** A version of a state. */
export interface StateVersion {
  readonly id: number;
  readonly stateId: string;
  /** JSON text; null: there was none. */
  readonly state: string | null;
  readonly origin: StateOrigin;
  readonly runId: number | null;
  readonly at: Date;
}

/** The state kept here under an id; undefined if there is none. */
export async function readState(database: Database, stateId: string): Promise<string | undefined> {
  const [row] = await database.query<{ state: string }>(
    "SELECT state FROM bizops.states WHERE state_id = $1",
    [stateId],
  );
  return row?.state;
}

/** @param state JSON text; undefined: there shall be none */
export async function writeState(
  database: Database,
  stateId: string,
  state: string | undefined,
): Promise<void> {
  await insist(() =>
    state === undefined
      ? database.query("DELETE FROM bizops.states WHERE state_id = $1", [stateId])
      : database.query(
          `INSERT INTO bizops.states (state_id, state) VALUES ($1, $2)
           ON CONFLICT (state_id) DO UPDATE SET state = EXCLUDED.state, updated_at = now()`,
          [stateId, state],
        ),
  );
}

/** Adds a version to the history, unless it is what the latest one says. */
export async function keepVersion(
  database: Database,
  version: Pick<StateVersion, "stateId" | "origin"> & {
    readonly state?: string;
    readonly runId?: number;
  },
): Promise<void> {
  const { stateId, state, origin, runId } = version;
  await insist(() =>
    database.query(
      `INSERT INTO bizops.state_versions (state_id, state, origin, run_id)
       SELECT $1::text, $2::text, $3, $4::integer
       WHERE NOT EXISTS (
         SELECT FROM (SELECT state FROM bizops.state_versions WHERE state_id = $1
                      ORDER BY id DESC LIMIT 1) latest
         WHERE latest.state IS NOT DISTINCT FROM $2)`,
      [stateId, state ?? null, origin, runId ?? null],
    ),
  );
}

/** The versions of one state, or the latest of each; the latest first. */
export function listVersions(
  database: Database,
  stateId: string | undefined,
  limit: number,
): Promise<readonly StateVersion[]> {
  const columns = `id, state_id AS "stateId", state, origin, run_id AS "runId", at`;
  type Found = StateVersion & { [column: string]: unknown };
  return stateId === undefined
    ? database.query<Found>(
        `SELECT DISTINCT ON (state_id) ${columns} FROM bizops.state_versions
         ORDER BY state_id, id DESC LIMIT $1`,
        [limit],
      )
    : database.query<Found>(
        `SELECT ${columns} FROM bizops.state_versions WHERE state_id = $1 ORDER BY id DESC LIMIT $2`,
        [stateId, limit],
      );
}

/** One version of one state, or undefined. */
export async function readVersion(
  database: Database,
  stateId: string,
  id: number,
): Promise<StateVersion | undefined> {
  const [found] = await database.query<StateVersion & { [column: string]: unknown }>(
    `SELECT id, state_id AS "stateId", state, origin, run_id AS "runId", at
     FROM bizops.state_versions WHERE state_id = $1 AND id = $2`,
    [stateId, id],
  );
  return found;
}
