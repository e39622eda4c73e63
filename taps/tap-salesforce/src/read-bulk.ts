/** An object read by jobs of Bulk API 2.0: what changed, or all of it. */
import type { JsonObject } from "@bizops/singer";
import type { Page, ReadRun } from "@bizops/tap-kit";
import { type BulkJobs, readBulkJobs } from "@bizops/tap-kit-bulk";
import type { ObjectReader } from "./object-reader.ts";
import { readBookmark } from "./read-bookmark.ts";
import { secondsBefore, toUtc } from "./soql.ts";

export interface BulkReading {
  readonly reader: ObjectReader;
  readonly jobs: BulkJobs;
  readonly run: ReadRun;
}

/** Salesforce itself gives up a job after fifteen attempts of ten minutes and more. */
const longestJobSeconds = 24 * 3600;

const pace = { smallestSeconds: 2, pollSeconds: 20, timeoutSeconds: longestJobSeconds };

/**
 * Everything changed since the bookmark, in no order: the bookmark moves with each job that is read.
 *
 * A job is no snapshot, since Salesforce may cut it into chunks. So it ends at the newest time the object had
 * before: whatever is edited later gets a time that is not smaller, and leaves the job's window. As times
 * are whole seconds the window ends one second after the newest, and the next run has to look back at least
 * that second for rows that got the same time later.
 */
export async function* readChangesInBulk(
  { reader, jobs, run }: BulkReading,
  key: string,
  lookbackSeconds: number,
): AsyncGenerator<Page> {
  const { log, signal } = run;
  const shared = { stream: reader.object, key, lookbackSeconds, ...pace, log, signal };
  let { bookmark } = run;
  const open = bookmark?.job as JsonObject | undefined;
  if (typeof open?.before === "string") {
    // Only this job: what comes after it has to look back too.
    yield* readBulkJobs(jobs, { ...shared, bookmark, before: open.before });
    bookmark = { [key]: open.before };
  }
  const newest = await reader.findEnd(key, "newest");
  if (newest === undefined) return;
  const ends = [secondsBefore(newest, -1), run.endDate && toUtc(run.endDate)];
  const before = ends.filter((end) => end !== undefined).sort()[0] as string;
  const resumed = readBookmark({ ...(bookmark && { bookmark }) }, key);
  const from =
    resumed ?? (run.startDate ? toUtc(run.startDate) : await reader.findEnd(key, "oldest"));
  yield* readBulkJobs(jobs, { ...shared, bookmark, from, before });
}

/** All rows by one job, which a later run cannot take up: its rows belong to another version of the table. */
export async function* readWholeInBulk({ reader, jobs, run }: BulkReading): AsyncGenerator<Page> {
  const { log, signal } = run;
  const reading = { stream: reader.object, key: "Id", before: "end", ...pace, log, signal };
  for await (const { records } of readBulkJobs(jobs, reading)) yield { records };
}
