/** A run's record and lock in the warehouse; without a warehouse there is neither. */
import { hostname } from "node:os";
import {
  type AttemptEnd,
  beat,
  beginAttempt,
  beginRun,
  closeLeftAttempts,
  endAttempt,
  endRun,
  findLeftProcesses,
  insist,
  keepVersion,
  lockPipeline,
  type NewAttempt,
  noteProcesses,
  type RunDatabase,
  type RunEnd,
  type RunOptions,
  reapCrashedRuns,
  type StartedProcess,
  writeCounts,
  writeEvent,
} from "@bizops/run-store";
import { removeLeftFolders } from "../run/private-folder.ts";
import { endProcess } from "../run/started-process.ts";

/** A run while it lasts. */
export interface RunRecord {
  /** Its number, where there is a warehouse. */
  readonly id: number | undefined;
  /** Earlier runs that were found to have crashed. */
  readonly crashed: readonly number[];
  /** Takes the lock, if it is not held. @returns a signal that tells of its loss */
  hold(): Promise<AbortSignal>;
  beginAttempt(attempt: NewAttempt): Promise<void>;
  noteProcesses(attempt: number, processes: readonly StartedProcess[]): Promise<void>;
  /** Keeps an attempt's counts up to date, with each heartbeat. */
  follow(attempt: number, rows: () => { readonly [stream: string]: number }): void;
  endAttempt(end: AttemptEnd): Promise<void>;
  keepState(stateId: string, state: string | undefined): Promise<void>;
  note(event: string, detail: { readonly [name: string]: string | number }): Promise<void>;
  end(end: RunEnd): Promise<void>;
  release(): Promise<void>;
}

/** What a record begins with. */
export interface RecordRequest {
  readonly pipeline: string;
  readonly options: RunOptions;
  readonly retryOf?: number;
  readonly projectFolder: string;
}

/**
 * Takes the pipeline's lock, ends what a crashed run of it has left running on this machine, and begins the record.
 * @throws UnavailableError if the pipeline is running
 */
export async function recordRun(
  database: RunDatabase | undefined,
  request: RecordRequest,
): Promise<RunRecord> {
  if (database === undefined) return unrecorded;
  const { pipeline, options, retryOf } = request;
  const retry = retryOf !== undefined && { retryOf };
  const host = hostname();
  // Ends the sessions of silent runs, whose locks would be in the way.
  const before = await reapCrashedRuns(database);
  let lock = await lockPipeline(database, pipeline);
  try {
    const crashed = [...before, ...(await reapCrashedRuns(database, pipeline))];
    for (const each of await findLeftProcesses(database, pipeline, host)) await endProcess(each);
    await closeLeftAttempts(database, pipeline, host);
    removeLeftFolders(request.projectFolder, pipeline);
    const id = await beginRun(database, { pipeline, options, host, pid: process.pid, ...retry });
    let count = async () => {};
    // It beats while the run waits, too. A warehouse that is away for a moment is no reason to stop: silence is
    // judged after minutes.
    const heartbeat = setInterval(() => {
      beat(database, id)
        .then(count)
        .catch(() => {});
    }, heartbeatMilliseconds);
    return {
      id,
      crashed: crashed.filter((run) => run.pipeline === pipeline).map((run) => run.id),
      async hold() {
        if (lock.lost.aborted) lock = await insist(() => lockPipeline(database, pipeline));
        return lock.lost;
      },
      beginAttempt: (attempt) => beginAttempt(database, id, attempt),
      noteProcesses: (attempt, processes) => noteProcesses(database, id, attempt, processes),
      follow(attempt, rows) {
        count = () => writeCounts(database, id, attempt, rows());
      },
      endAttempt(end) {
        count = async () => {};
        return endAttempt(database, id, end);
      },
      keepState: (stateId, state) =>
        keepVersion(database, {
          stateId,
          origin: "run",
          runId: id,
          ...(state !== undefined && { state }),
        }),
      note: (event, detail) => writeEvent(database, id, event, detail),
      end: (end) => endRun(database, id, end),
      release() {
        clearInterval(heartbeat);
        return lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const heartbeatMilliseconds = 10_000;

const nothing = async () => {};

const unrecorded: RunRecord = {
  id: undefined,
  crashed: [],
  hold: async () => new AbortController().signal,
  beginAttempt: nothing,
  noteProcesses: nothing,
  follow() {},
  endAttempt: nothing,
  keepState: nothing,
  note: nothing,
  end: nothing,
  release: nothing,
};
