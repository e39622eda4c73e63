/** A run of a pipeline: as many attempts as its failures are worth, and its record. */
import { setTimeout as delay } from "node:timers/promises";
import type { RunDatabase, RunEnd, RunOptions } from "@bizops/run-store";
import { asSingerError, BugError, type Log, reportFailure } from "@bizops/singer";
import type { Pipeline, Project } from "../project/project.ts";
import { type RunRecord, recordRun } from "../records/record-run.ts";
import { decideNext } from "./decide-next.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { Progress } from "./progress.ts";
import { type AttemptReport, runAttempt } from "./run-attempt.ts";
import type { Tell } from "./run-event.ts";
import { type RunReport, sumRows } from "./run-report.ts";

/** What a run is given. */
export interface RunRequest {
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly options: RunOptions;
  readonly retryOf?: number;
  /** Undefined: there is no warehouse, so there are no records, and no lock. */
  readonly database: RunDatabase | undefined;
  readonly tell: Tell;
  /** For the stack frames of bugs. */
  readonly log: Log;
  /** Told of each attempt's counts, to show them. */
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Runs a pipeline to its end. Whatever it fails with is in the report, not thrown. */
export async function runPipeline(request: RunRequest): Promise<RunReport> {
  const { pipeline, options, database, tell, retryOf } = request;
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const name = pipeline.name;
  let record: RunRecord | undefined;
  const trail: Trail = { codes: [], rows: {}, last: { exitCode: 0, bytes: 0 } };
  try {
    record = await recordRun(database, {
      pipeline: name,
      options,
      projectFolder: request.project.folder,
      ...(retryOf !== undefined && { retryOf }),
    });
    const { id, crashed } = record;
    tell({ event: "started", pipeline: name, ...(id !== undefined && { run: id }) });
    for (const run of crashed) tell({ event: "crash-found", pipeline: name, run });
    const end = await attemptUntilDone(request, record, trail);
    await record.end(end);
    return report(request, record, trail, end, seconds());
  } catch (thrown) {
    const end = { status: "failed", exitCode: explain(thrown, request) } as const;
    // If even this cannot be written, whoever looks next finds a crashed run.
    await record?.end(end).catch(() => {});
    return report(request, record, trail, end, seconds());
  } finally {
    await record?.release();
  }
}

/** What has been tried so far. */
interface Trail {
  codes: readonly number[];
  rows: RunReport["rows"];
  last: AttemptReport;
  logFile?: string;
}

async function attemptUntilDone(
  request: RunRequest,
  record: RunRecord,
  trail: Trail,
): Promise<RunEnd> {
  const { pipeline, signal, tell } = request;
  for (;;) {
    trail.last = await attemptOnce(request, record, trail);
    const { exitCode } = trail.last;
    trail.codes = [...trail.codes, exitCode];
    if (signal.aborted && exitCode !== 0) return { status: "interrupted", exitCode };
    const next = decideNext(trail.codes, pipeline.retry);
    if (next.do === "end") return { status: next.status, exitCode };
    if (next.do === "defer") {
      const retryAt = new Date(Date.now() + next.waitMinutes * 60_000);
      return { status: "deferred", exitCode, retryAt };
    }
    const seconds = next.waitSeconds;
    tell({ event: "waiting", pipeline: pipeline.name, exitCode, seconds });
    await record.note("waiting", { exitCode, seconds });
    await delay(seconds * 1000, undefined, { signal }).catch(() => {}); // looked at in the next line
    if (signal.aborted) return { status: "interrupted", exitCode };
  }
}

async function attemptOnce(
  request: RunRequest,
  record: RunRecord,
  trail: Trail,
): Promise<AttemptReport> {
  const { project, pipeline, tell } = request;
  const number = trail.codes.length + 1;
  const progress = new Progress();
  request.onProgress(progress);
  const lost = await record.hold();
  const log = openLogFile(project.folder, pipeline.name, (reason) => {
    tell({ event: "log-lost", pipeline: pipeline.name, reason });
  });
  trail.logFile = log.path;
  tell({ event: "attempt", pipeline: pipeline.name, number });
  let report: AttemptReport;
  try {
    report = await runRecorded(request, record, number, progress, log, lost);
    if (lost.aborted) report = { ...report, exitCode: explain(lost.reason, request) };
  } catch (thrown) {
    report = { exitCode: explain(thrown, request), bytes: 0 };
  } finally {
    log.close();
  }
  trail.rows = progress.rowsByStream;
  const { exitCode, blame, bytes, state } = report;
  await record.endAttempt({
    number,
    exitCode,
    bytes,
    rows: trail.rows,
    ...(blame !== undefined && { blame }),
    ...(state !== undefined && { stateAfter: state }),
  });
  if (state !== undefined) await record.keepState(pipeline.name, state);
  return report;
}

function runRecorded(
  { project, pipeline, options, database, tell, signal }: RunRequest,
  record: RunRecord,
  number: number,
  progress: Progress,
  log: LogFile,
  lost: AbortSignal,
): Promise<AttemptReport> {
  return runAttempt({
    project,
    pipeline,
    options,
    database,
    progress,
    log,
    async onState(state) {
      await record.beginAttempt({
        number,
        logFile: log.path,
        ...(state !== undefined && { stateBefore: state }),
      });
      record.follow(number, () => progress.rowsByStream);
      if (state !== undefined) await record.keepState(pipeline.name, state);
    },
    onStart(processes) {
      // Should it fail, only the clearing up after a crash of ours is less thorough.
      record.noteProcesses(number, processes).catch(() => {});
    },
    onNotice: (source, line) => tell({ event: "said", pipeline: pipeline.name, source, line }),
    signal: AbortSignal.any([signal, lost]),
  });
}

/** Shows why something failed, as a program would say it. @returns its exit code */
function explain(thrown: unknown, { pipeline, tell, log }: RunRequest): number {
  const error = asSingerError(thrown);
  if (error instanceof BugError) reportFailure(error, log);
  else {
    const line = `CRITICAL ${error.message}`;
    tell({ event: "said", pipeline: pipeline.name, source: "bizops", line });
  }
  return error.exitCode;
}

function report(
  { pipeline, tell }: RunRequest,
  record: RunRecord | undefined,
  { codes, rows, last, logFile }: Trail,
  { status, exitCode, retryAt }: RunEnd,
  seconds: number,
): RunReport {
  tell({ event: "ended", pipeline: pipeline.name, status, exitCode, rows: sumRows(rows), seconds });
  return {
    pipeline: pipeline.name,
    ...(record?.id !== undefined && { run: record.id }),
    status,
    exitCode,
    ...(last.blame !== undefined && { blame: last.blame }),
    attempts: codes.length,
    rows,
    bytes: last.bytes,
    seconds,
    ...(logFile !== undefined && { logFile }),
    ...(retryAt !== undefined && { retryAt }),
  };
}
