/** What a run leaves in the store while it lasts. */
import { insist } from "./connect.ts";
import type { Database } from "./database.ts";
import type { StartedProcess } from "./pipeline-lock.ts";

/** How a run ended; `crashed` is said by others. */
export type RunStatus =
  | "running"
  | "succeeded"
  | "failed"
  | "deferred"
  | "interrupted"
  | "crashed"
  | "skipped";

/** What `bizops run` was told, to do it again. */
export interface RunOptions {
  readonly fullRefresh?: boolean;
  readonly select?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** A run about to start. */
export interface NewRun {
  readonly pipeline: string;
  readonly options: RunOptions;
  readonly retryOf?: number;
  readonly host: string;
  readonly pid: number;
}

/** An attempt about to start. */
export interface NewAttempt {
  readonly number: number;
  readonly logFile: string;
  readonly stateBefore?: string;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly number: number;
  readonly exitCode: number;
  readonly blame?: string;
  readonly bytes: number;
  readonly rows: { readonly [stream: string]: number };
  readonly stateAfter?: string;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, "running" | "crashed">;
  readonly exitCode: number;
  /** When a deferred run may be tried again. */
  readonly retryAt?: Date;
}

/** @returns the run's number. The pipeline's lock must be held. */
export async function beginRun(database: Database, run: NewRun): Promise<number> {
  const [row] = await database.query<{ id: number }>(
    `INSERT INTO bizops.runs (pipeline, options, retry_of, host, pid) VALUES ($1, $2, $3, $4, $5)
     RETURNING id`,
    [run.pipeline, JSON.stringify(run.options), run.retryOf ?? null, run.host, run.pid],
  );
  return row!.id;
}

/** Says that the run is alive. */
export async function beat(database: Database, run: number): Promise<void> {
  await database.query("UPDATE bizops.runs SET heartbeat_at = now() WHERE id = $1", [run]);
}

export async function beginAttempt(
  database: Database,
  run: number,
  { number, logFile, stateBefore }: NewAttempt,
): Promise<void> {
  await insist(() =>
    database.query(
      `INSERT INTO bizops.attempts (run_id, number, log_file, state_before) VALUES ($1, $2, $3, $4)
       ON CONFLICT (run_id, number) DO NOTHING`,
      [run, number, logFile, stateBefore ?? null],
    ),
  );
}

/** Remembers which programs were started, so that a crash of ours leaves none of them behind. */
export async function noteProcesses(
  database: Database,
  run: number,
  attempt: number,
  processes: readonly StartedProcess[],
): Promise<void> {
  await database.query(
    "UPDATE bizops.attempts SET processes = $3 WHERE run_id = $1 AND number = $2",
    [run, attempt, JSON.stringify(processes)],
  );
}

export async function endAttempt(database: Database, run: number, end: AttemptEnd): Promise<void> {
  const { number, exitCode, blame, bytes, rows, stateAfter } = end;
  await insist(async () => {
    await database.query(
      `UPDATE bizops.attempts SET ended_at = now(), exit_code = $3, blame = $4, bytes = $5,
         state_after = $6 WHERE run_id = $1 AND number = $2`,
      [run, number, exitCode, blame ?? null, bytes, stateAfter ?? null],
    );
    await writeCounts(database, run, number, rows);
  });
}

export async function endRun(database: Database, run: number, end: RunEnd): Promise<void> {
  await insist(() =>
    database.query(
      `UPDATE bizops.runs SET status = $2, exit_code = $3, retry_at = $4, ended_at = now(),
         heartbeat_at = now() WHERE id = $1`,
      [run, end.status, end.exitCode, end.retryAt ?? null],
    ),
  );
}

/** @param detail facts beside the event: numbers, names of streams; never a value out of a record */
export async function writeEvent(
  database: Database,
  run: number,
  event: string,
  detail: { readonly [name: string]: string | number },
): Promise<void> {
  await insist(() =>
    database.query("INSERT INTO bizops.events (run_id, event, detail) VALUES ($1, $2, $3)", [
      run,
      event,
      JSON.stringify(detail),
    ]),
  );
}

/** How many rows of each stream an attempt has read. */
export async function writeCounts(
  database: Database,
  run: number,
  attempt: number,
  rows: { readonly [stream: string]: number },
): Promise<void> {
  if (Object.keys(rows).length === 0) return;
  await database.query(
    `INSERT INTO bizops.stream_counts (run_id, attempt, stream, rows)
     SELECT $1, $2, stream, rows FROM unnest($3::text[], $4::bigint[]) AS counted (stream, rows)
     ON CONFLICT (run_id, attempt, stream) DO UPDATE SET rows = EXCLUDED.rows`,
    [run, attempt, Object.keys(rows), Object.values(rows)],
  );
}
