/** What a run was, for the screen and for `--json`. */
import type { RunStatus } from "@bizops/run-store";
import type { Outcome } from "./decide-outcome.ts";
import { formatSeconds } from "./progress.ts";

export interface RunReport {
  readonly pipeline: string;
  /** Its number in the run store. */
  readonly run?: number;
  readonly status: RunStatus;
  readonly exitCode: number;
  /** Who caused a failure. */
  readonly blame?: Outcome["blame"];
  readonly attempts: number;
  /** Of the last attempt, by stream. */
  readonly rows: { readonly [stream: string]: number };
  readonly bytes: number;
  readonly seconds: number;
  /** Everything both programs logged in the last attempt. */
  readonly logFile?: string;
  /** When a deferred run may be tried again. */
  readonly retryAt?: Date;
}

/** What the transformation is called where pipelines have names; none of them can have this one. */
export const transformName = "transform";

/** Of a run in which nothing was read. */
export const untried = { attempts: 0, rows: {}, bytes: 0, seconds: 0 } as const;

export function sumRows(rows: RunReport["rows"]): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

/** One line. */
export function describeReport(report: RunReport): string {
  const { pipeline, status, exitCode, blame, attempts, logFile, retryAt } = report;
  const rows = sumRows(report.rows).toLocaleString("en");
  const took = formatSeconds(report.seconds);
  const tries = attempts > 1 ? ` and ${attempts} attempts` : "";
  if (status === "succeeded" && pipeline === transformName) return `${pipeline}: done in ${took}`;
  if (status === "succeeded") {
    return `${pipeline}: ${rows} rows of ${Object.keys(report.rows).length} streams in ${took}${tries}`;
  }
  if (status === "skipped") return `${pipeline}: skipped, since what it waits for failed`;
  const by = blame === undefined ? "" : ` (${blame})`;
  const log = logFile === undefined ? "" : `; log: ${logFile}`;
  const later = retryAt === undefined ? "" : `; bizops runs retry from ${retryAt.toISOString()} on`;
  return `${pipeline}: ${status} with exit code ${exitCode}${by} after ${rows} rows and ${took}${tries}${log}${later}`;
}
