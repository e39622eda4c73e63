/** One run of a pipeline at a time: a session's advisory lock, and the rows of runs that lost theirs. */
import { UnavailableError } from "@bizops/singer";
import type pg from "pg";
import { insist } from "./connect.ts";
import type { Database, RunDatabase } from "./database.ts";
import { lockClass } from "./migrate.ts";

/** The right to run a pipeline. */
export interface PipelineLock {
  /** Aborted when the lock is lost with its connection: somebody else may run the pipeline now. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** A run that ended without saying so. */
export interface CrashedRun {
  readonly id: number;
  readonly pipeline: string;
}

/** Told apart from a later process of the same number by the time it was started. */
export interface StartedProcess {
  readonly pid: number;
  readonly startedAt: string;
}

/** A run that has not been heard of for so long is over, even if its connection seems to last. */
export const silentSeconds = 120;

/**
 * Takes the lock of a pipeline, or says who has it. A host that vanished is found out by the server within a
 * minute (keepalives), one that hangs by the silence of its heartbeat.
 * @throws UnavailableError if the pipeline is running
 */
export async function lockPipeline(database: RunDatabase, pipeline: string): Promise<PipelineLock> {
  const id = await pipelineId(database, pipeline);
  const session = await database.openSession();
  const lost = new AbortController();
  let released = false;
  session.once("end", () => {
    const reason = `${pipeline}: the connection to the warehouse was lost, and the lock with it`;
    if (!released) lost.abort(new UnavailableError(reason));
  });
  const release = async () => {
    released = true;
    await session.end();
  };
  await session.query(
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
  );
  if (await tryLock(session, id)) return { lost: lost.signal, release };
  await release();
  throw new UnavailableError(
    `${pipeline} is already running: ${await describeHolder(database, pipeline)}`,
  );
}

/**
 * Finds runs that are marked as running but whose lock nobody holds, or that have long been silent, and marks
 * them as crashed. The sessions of silent ones are ended: whoever comes back to one finds its lock lost, and stops.
 * @param held a pipeline whose lock is ours, though none of its runs is
 */
export function reapCrashedRuns(database: Database, held?: string): Promise<CrashedRun[]> {
  return insist(() =>
    database.query<CrashedRun & { [column: string]: unknown }>(
      `WITH locks AS (
         SELECT l.objid::bigint AS pipeline_id, l.pid
         FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.granted
           AND l.classid::bigint = $1 AND l.objsubid = 2
       ), crashed AS (
         UPDATE bizops.runs r SET status = 'crashed', ended_at = heartbeat_at
         FROM bizops.pipelines p
         WHERE r.status = 'running' AND p.name = r.pipeline
           AND (r.heartbeat_at < now() - make_interval(secs => $2) OR p.name = $3
             OR NOT EXISTS (SELECT FROM locks WHERE pipeline_id = p.id))
         RETURNING r.id, r.pipeline, p.id AS pipeline_id
       ), said AS (
         INSERT INTO bizops.events (run_id, event, detail) SELECT id, 'crashed', '{}' FROM crashed
       )
       SELECT c.id, c.pipeline,
         (SELECT count(pg_terminate_backend(l.pid)) FROM locks l
          WHERE l.pipeline_id = c.pipeline_id AND c.pipeline IS DISTINCT FROM $3) AS ended
       FROM crashed c ORDER BY c.id`,
      [lockClass, silentSeconds, held ?? null],
    ),
  );
}

/** The programs that crashed runs of a pipeline may have left running on a machine. */
export async function findLeftProcesses(
  database: Database,
  pipeline: string,
  host: string,
): Promise<readonly StartedProcess[]> {
  const found = await database.query<{ processes: StartedProcess[] }>(
    `SELECT processes FROM bizops.attempts JOIN bizops.runs ON runs.id = run_id
     WHERE pipeline = $1 AND host = $2 AND status = 'crashed' AND attempts.ended_at IS NULL`,
    [pipeline, host],
  );
  return found.flatMap(({ processes }) => processes);
}

/** Says that nothing of a pipeline's crashed runs is left running on a machine. */
export async function closeLeftAttempts(
  database: Database,
  pipeline: string,
  host: string,
): Promise<void> {
  await database.query(
    `UPDATE bizops.attempts SET ended_at = runs.heartbeat_at FROM bizops.runs
     WHERE runs.id = run_id AND pipeline = $1 AND host = $2 AND status = 'crashed'
       AND attempts.ended_at IS NULL`,
    [pipeline, host],
  );
}

async function pipelineId(database: Database, pipeline: string): Promise<number> {
  await database.query(
    "INSERT INTO bizops.pipelines (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
    [pipeline],
  );
  const [row] = await database.query<{ id: number }>(
    "SELECT id FROM bizops.pipelines WHERE name = $1",
    [pipeline],
  );
  return row!.id;
}

async function tryLock(session: pg.Client, id: number): Promise<boolean> {
  const { rows } = await session.query<{ got: boolean }>(
    "SELECT pg_try_advisory_lock($1, $2) AS got",
    [lockClass, id],
  );
  return rows[0]!.got;
}

async function describeHolder(database: Database, pipeline: string): Promise<string> {
  const [run] = await database.query<{ id: number; host: string; pid: number; at: Date }>(
    `SELECT id, host, pid, started_at AS at FROM bizops.runs
     WHERE pipeline = $1 AND status = 'running' ORDER BY id DESC LIMIT 1`,
    [pipeline],
  );
  return run === undefined
    ? "it has just been started"
    : `run ${run.id} on ${run.host} (process ${run.pid}), since ${run.at.toISOString()}`;
}
