/** What a source with bulk jobs is asked to do, whoever the vendor is. */
import type { Row } from "@bizops/singer";

/** Rows whose replication key lies in [from, before); RFC 3339 in UTC. */
export interface Window {
  /** Absent: from the beginning. */
  readonly from?: string;
  readonly before: string;
}

/** How a job stands. */
export type JobLook =
  | { readonly state: "running" }
  | { readonly state: "done" }
  /** It is lost: expired, deleted, aborted or failed in a way that may pass. Its window is asked for again. */
  | { readonly state: "gone"; readonly reason: string }
  /** It covers more than the source manages. Its window is halved. */
  | { readonly state: "too-large"; readonly reason: string };

/** A piece of a finished job's rows. */
export interface JobPart {
  readonly records: readonly Row[];
  /** From where to go on once these rows are written; absent where one cannot, and behind the last. */
  readonly next?: string;
}

/** The jobs of one stream. Errors pass through; a job whose id is in the state can be looked at by a later run. */
export interface BulkJobs {
  /** @returns the job's id */
  submit(window: Window): Promise<string>;
  look(id: string): Promise<JobLook>;
  /**
   * The rows of a finished job.
   * @param part the `next` of the last piece that was written; absent: from the start
   */
  read(id: string, part: string | undefined): AsyncIterable<JobPart>;
}
