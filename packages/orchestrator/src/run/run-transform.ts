/** The transformation at the end of a run, recorded and locked as a pipeline is. */
import { join } from "node:path";
import type { RunDatabase, RunEnd } from "@bizops/run-store";
import { asSingerError, type ProgramContext } from "@bizops/singer";
import type { Project } from "../project/project.ts";
import { type RunRecord, recordRun } from "../records/record-run.ts";
import { transform } from "../transform.ts";
import type { RunDisplay } from "./run-display.ts";
import { type RunReport, transformName, untried } from "./run-report.ts";

export interface TransformRun {
  readonly project: Project;
  readonly database: RunDatabase | undefined;
  readonly display: RunDisplay;
  readonly context: ProgramContext;
}

/** Runs dbt once; a model that fails would fail again. Whatever it fails with is in the report, not thrown. */
export async function runTransform(request: TransformRun): Promise<RunReport> {
  const { project, database, display, context } = request;
  const started = Date.now();
  const said = (line: string) =>
    display.tell({ event: "said", pipeline: transformName, source: "dbt", line });
  let record: RunRecord | undefined;
  let end: RunEnd = { status: "succeeded", exitCode: 0 };
  try {
    const of = { pipeline: transformName, options: {}, projectFolder: project.folder };
    record = await recordRun(database, of);
    await record.beginAttempt({
      number: 1,
      logFile: join(project.folder, ".bizops/dbt/logs/dbt.log"),
    });
    const signal = AbortSignal.any([context.signal, await record.hold()]);
    await transform({ project, args: [], onStep: said, signal });
  } catch (thrown) {
    const { exitCode, message } = asSingerError(thrown);
    said(`CRITICAL ${message}`);
    end = { status: context.signal.aborted ? "interrupted" : "failed", exitCode };
  }
  const { status, exitCode } = end;
  try {
    await record?.endAttempt({ number: 1, exitCode, bytes: 0, rows: {} });
    await record?.end(end);
  } finally {
    await record?.release();
  }
  const seconds = (Date.now() - started) / 1000;
  display.tell({ event: "ended", pipeline: transformName, status, exitCode, rows: 0, seconds });
  const id = record?.id !== undefined && { run: record.id };
  return { ...untried, pipeline: transformName, ...id, status, exitCode, attempts: 1, seconds };
}
