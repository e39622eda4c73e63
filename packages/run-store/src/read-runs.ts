/** What the store knows of runs. */
import type { Database } from "./database.ts";
import type { RunOptions, RunStatus } from "./write-runs.ts";

/** A run as it is listed. */
export interface Run {
  readonly id: number;
  readonly pipeline: string;
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly options: RunOptions;
  readonly retryOf: number | null;
  readonly retryAt: Date | null;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly endedAt: Date | null;
  /** Of all its attempts. */
  readonly rows: number;
}

/** One try of a run. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly exitCode: number | null;
  readonly blame: string | null;
  readonly bytes: number | null;
  readonly logFile: string | null;
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
  readonly rows: { readonly [stream: string]: number };
}

/** Something that happened in a run. */
export interface RunEvent {
  readonly at: Date;
  readonly event: string;
  readonly detail: { readonly [name: string]: string | number };
}

/** A run with all that is known of it. */
export interface RunDetails extends Run {
  readonly attempts: readonly Attempt[];
  readonly events: readonly RunEvent[];
}

/** Which runs are wanted. */
export interface RunFilter {
  readonly id?: number;
  readonly pipeline?: string;
  readonly limit: number;
}

/** The latest first. */
export function listRuns(
  database: Database,
  { id, pipeline, limit }: RunFilter,
): Promise<readonly Run[]> {
  return database.query<Run & { [column: string]: unknown }>(
    `SELECT id, pipeline, status, exit_code AS "exitCode", options, retry_of AS "retryOf",
       retry_at AS "retryAt", host, pid, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
       ended_at AS "endedAt",
       (SELECT coalesce(sum(rows), 0) FROM bizops.stream_counts WHERE run_id = id)::float8 AS rows
     FROM bizops.runs
     WHERE ($1::integer IS NULL OR id = $1) AND ($2::text IS NULL OR pipeline = $2)
     ORDER BY id DESC LIMIT $3`,
    [id ?? null, pipeline ?? null, limit],
  );
}

/** The run of a number, or undefined. */
export async function readRun(database: Database, id: number): Promise<RunDetails | undefined> {
  const [run] = await listRuns(database, { id, limit: 1 });
  if (run === undefined) return undefined;
  const attempts = await database.query<Attempt & { [column: string]: unknown }>(
    `SELECT number, started_at AS "startedAt", ended_at AS "endedAt", exit_code AS "exitCode", blame,
       bytes::float8 AS bytes, log_file AS "logFile", state_before AS "stateBefore",
       state_after AS "stateAfter",
       (SELECT coalesce(json_object_agg(stream, rows ORDER BY stream), '{}')
        FROM bizops.stream_counts WHERE run_id = $1 AND attempt = number) AS rows
     FROM bizops.attempts WHERE run_id = $1 ORDER BY number`,
    [id],
  );
  const events = await database.query<RunEvent & { [column: string]: unknown }>(
    "SELECT at, event, detail FROM bizops.events WHERE run_id = $1 ORDER BY id",
    [id],
  );
  return { ...run, attempts, events };
}

/** The latest run of each pipeline that should be tried again: failed, crashed, interrupted, or deferred and due. */
export function findRunsToRetry(database: Database): Promise<readonly Run[]> {
  return database
    .query<{ id: number }>(
      `SELECT id FROM (
         SELECT DISTINCT ON (pipeline) id, status, retry_at FROM bizops.runs ORDER BY pipeline, id DESC
       ) latest
       WHERE status IN ('failed', 'crashed', 'interrupted', 'skipped')
         OR (status = 'deferred' AND retry_at <= now())
       ORDER BY id`,
    )
    .then(async (found) => {
      const runs = await Promise.all(found.map(({ id }) => listRuns(database, { id, limit: 1 })));
      return runs.flat();
    });
}
