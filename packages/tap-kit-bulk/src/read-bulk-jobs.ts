/** A stream read by bulk jobs: window after window, each open job kept in the bookmark so that a later run goes on with it. */
import { setTimeout as delay } from "node:timers/promises";
import {
  type Bookmark,
  ConfigError,
  type JsonObject,
  type Log,
  UnavailableError,
} from "@bizops/singer";
import type { Page } from "@bizops/tap-kit";
import type { BulkJobs, JobLook, Window } from "./bulk-jobs.ts";

export interface BulkReading {
  /** For messages. */
  readonly stream: string;
  /** The replication key, which the bookmark names. */
  readonly key: string;
  /** RFC 3339: where a first run begins. Absent: at the beginning, which asks for windows without a length. */
  readonly from?: string | undefined;
  /** RFC 3339, exclusive. */
  readonly before: string;
  readonly bookmark?: Bookmark | undefined;
  /** Seconds before the bookmark from which a run reads again. Default: 0. */
  readonly lookbackSeconds?: number;
  /** The longest window. Default: all that is asked for. */
  readonly spanSeconds?: number;
  /** The shortest window a job that is too large is cut down to. */
  readonly smallestSeconds: number;
  /** The longest wait between two looks at a job. */
  readonly pollSeconds: number;
  /** How long a job may take before the run ends; the next one goes on with it. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A job that was begun, as the bookmark keeps it. */
interface OpenJob {
  readonly id: string;
  readonly window: Window;
  readonly part?: string;
}

type Ended = Exclude<JobLook, { readonly state: "running" }>;

/** How often the same window may be asked for again because its job was lost. */
const mostLosses = 3;
const firstPollSeconds = 0.25;

/**
 * @throws ConfigError if the bookmark is none; UnavailableError if a job takes too long, is lost again and again,
 *   or is too large at the smallest window
 */
export async function* readBulkJobs(jobs: BulkJobs, reading: BulkReading): AsyncGenerator<Page> {
  const { stream, key, bookmark, before, log } = reading;
  let position = readTime(bookmark?.[key], stream) ?? reading.from;
  let open = readOpenJob(bookmark, stream);
  let start = secondsBefore(readTime(bookmark?.[key], stream), reading.lookbackSeconds) ?? position;
  let span = reading.spanSeconds;
  let losses = 0;

  const at = (job?: OpenJob): Bookmark => ({
    ...(position !== undefined && { [key]: position }),
    ...(job !== undefined && { job: renderOpenJob(job) }),
  });
  while (open !== undefined || position === undefined || position < before) {
    const window: Window = open?.window ?? nextWindow(start, before, span);
    if (open === undefined) {
      const id = await jobs.submit(window);
      open = { id, window };
      log.info(`${stream}: job submitted`, { job: id, ...window });
      yield { records: [], bookmark: at(open) };
    } else log.info(`${stream}: going on with a job`, { job: open.id });

    const look = await waitFor(jobs, open.id, reading);
    if (look.state === "done") {
      for await (const { records, next } of jobs.read(open.id, open.part)) {
        if (next !== undefined) open = { id: open.id, window, part: next };
        yield { records, ...(next !== undefined && { bookmark: at(open) }) };
      }
      position = window.before;
      start = position;
      losses = 0;
      yield { records: [], bookmark: at() };
    } else if (look.state === "too-large") {
      span = halve(window, look, reading);
      log.warning(`${stream}: the job was too large, its window is halved`, { seconds: span });
    } else {
      losses += 1;
      if (losses > mostLosses) throw lost(stream, look);
      log.warning(`${stream}: the job is lost, asking again`, { reason: look.reason });
    }
    open = undefined;
  }
}

async function waitFor(
  jobs: BulkJobs,
  id: string,
  { stream, pollSeconds, timeoutSeconds, signal }: BulkReading,
): Promise<Ended> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const first = Math.min(firstPollSeconds, pollSeconds);
  for (let pause = first; ; pause = Math.min(2 * pause, pollSeconds)) {
    signal.throwIfAborted();
    const look = await jobs.look(id);
    if (look.state !== "running") return look;
    if (Date.now() > deadline) {
      throw new UnavailableError(
        `${stream}: its job is not done after ${timeoutSeconds} s; run again to go on with it`,
      );
    }
    await delay(pause * 1000, undefined, { signal }).catch((error) => {
      signal.throwIfAborted();
      throw error;
    });
  }
}

function nextWindow(from: string | undefined, before: string, span: number | undefined): Window {
  if (from === undefined) return { before };
  if (span === undefined) return { from, before };
  const end = new Date(Date.parse(from) + span * 1000).toISOString();
  return { from, before: end < before ? end : before };
}

/** @returns seconds */
function halve(window: Window, look: { readonly reason: string }, reading: BulkReading): number {
  const { stream, smallestSeconds } = reading;
  // Without a beginning there is nothing to halve.
  const seconds =
    window.from === undefined ? 0 : (Date.parse(window.before) - Date.parse(window.from)) / 1000;
  if (seconds / 2 < smallestSeconds) {
    throw new UnavailableError(
      `${stream}: too much for one job (${look.reason}), and its window cannot be made smaller; select fewer fields or set a later start_date`,
    );
  }
  return seconds / 2;
}

function lost(stream: string, { reason }: { readonly reason: string }): UnavailableError {
  return new UnavailableError(`${stream}: its job is lost again and again (${reason})`);
}

function renderOpenJob({ id, window, part }: OpenJob): JsonObject {
  return { id, ...window, ...(part !== undefined && { part }) };
}

function readOpenJob(bookmark: Bookmark | undefined, stream: string): OpenJob | undefined {
  const job = bookmark?.job;
  if (job === undefined || job === null) return undefined;
  const { id, from, before, part } = job as JsonObject;
  const isTextOrAbsent = (value: unknown) => value === undefined || typeof value === "string";
  if (typeof id !== "string" || typeof before !== "string" || ![from, part].every(isTextOrAbsent)) {
    throw new ConfigError(`the state's job of ${stream} is not one this tap has written`);
  }
  return {
    id,
    window: { ...(from !== undefined && { from: from as string }), before },
    ...(part !== undefined && { part: part as string }),
  };
}

/** In UTC, so that times compare as texts. @throws ConfigError if it is no date-time */
function readTime(value: unknown, stream: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new ConfigError(`the state's bookmark of ${stream} is not a date-time`);
  }
  return new Date(time).toISOString();
}

function secondsBefore(time: string | undefined, seconds = 0): string | undefined {
  return time === undefined ? undefined : new Date(Date.parse(time) - seconds * 1000).toISOString();
}
