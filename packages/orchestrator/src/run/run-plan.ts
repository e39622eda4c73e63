/** Carries a plan out: its runs, a few at a time, then the transformation. */
import type { RunDatabase } from "@bizops/run-store";
import { asSingerError, type ProgramContext, worstExitCode } from "@bizops/singer";
import type { Project } from "../project/project.ts";
import type { PlannedRun, RunPlan } from "./plan-run.ts";
import type { RunDisplay } from "./run-display.ts";
import { runInOrder } from "./run-in-order.ts";
import { runPipeline } from "./run-pipeline.ts";
import { type RunReport, untried } from "./run-report.ts";
import { runTransform } from "./run-transform.ts";

export interface PlanRequest {
  readonly project: Project;
  readonly plan: RunPlan;
  readonly database: RunDatabase | undefined;
  readonly display: RunDisplay;
  readonly context: ProgramContext;
}

/** What fails does not stop what does not wait for it. */
export async function runPlan(request: PlanRequest): Promise<readonly RunReport[]> {
  const { plan, context } = request;
  const reports = await runInOrder(
    plan.runs.map((run) => ({
      name: run.pipeline.name,
      after: run.pipeline.after,
      run: (before: readonly RunReport[]) => runUnlessFailed(request, run, before),
    })),
    plan.parallel,
  );
  if (!plan.transform || context.signal.aborted) return reports;
  // The marts of the sources that came are worth having; with none there is nothing new to transform.
  const fresh = reports.length === 0 || reports.some(({ status }) => status === "succeeded");
  return fresh ? [...reports, await runTransform(request)] : reports;
}

/** A run whose predecessor failed is skipped with that one's exit code; once aborted, nothing is begun. */
async function runUnlessFailed(
  { project, database, display, context }: PlanRequest,
  { pipeline, options, retryOf }: PlannedRun,
  before: readonly RunReport[],
): Promise<RunReport> {
  const exitCode = worstExitCode(before.map((report) => report.exitCode));
  if (exitCode !== 0 || context.signal.aborted) {
    const status = context.signal.aborted ? "interrupted" : "skipped";
    const code = exitCode || asSingerError(context.signal.reason).exitCode;
    display.tell({
      event: "ended",
      pipeline: pipeline.name,
      status,
      exitCode: code,
      rows: 0,
      seconds: 0,
    });
    return { ...untried, pipeline: pipeline.name, status, exitCode: code };
  }
  return runPipeline({
    project,
    pipeline,
    options,
    ...(retryOf !== undefined && { retryOf }),
    database,
    tell: display.tell,
    log: context.log,
    onProgress: (progress) => display.follow(pipeline.name, progress),
    signal: context.signal,
  });
}
