/** What `bizops run` is going to do, as plain data. Pure. */
import type { RunOptions } from "@bizops/run-store";
import { ConfigError } from "@bizops/singer";
import { choosePipelines, type Pipeline, type Project } from "../project/project.ts";

/** The command line of `bizops run`, read. */
export interface RunCommand {
  readonly pipelines: readonly string[];
  readonly options: RunOptions;
  readonly parallel: number;
  /** Undefined: as the project says. */
  readonly transform?: boolean;
}

/** One pipeline to be run. */
export interface PlannedRun {
  readonly pipeline: Pipeline;
  readonly options: RunOptions;
  /** The run that is tried again. */
  readonly retryOf?: number;
}

export interface RunPlan {
  readonly runs: readonly PlannedRun[];
  /** How many at once. */
  readonly parallel: number;
  readonly transform: boolean;
}

/** @throws ConfigError for an unknown pipeline, a time that is none, a window that is empty */
export function planRun(project: Project, command: RunCommand): RunPlan {
  const { options, parallel } = command;
  const [from, to] = [readTime("--from", options.from), readTime("--to", options.to)];
  if (from !== undefined && to !== undefined && from >= to) {
    throw new ConfigError("--from must be before --to, which is no longer read");
  }
  if (options.fullRefresh && (from ?? to) !== undefined) {
    throw new ConfigError("--full-refresh reads everything: leave it out, or --from and --to");
  }
  return {
    runs: choosePipelines(project, command.pipelines).map((pipeline) => ({ pipeline, options })),
    parallel,
    transform: command.transform ?? project.transformAfterRun,
  };
}

/** The plan as `--dry-run --json` prints it. */
export function renderPlan({ runs, parallel, transform }: RunPlan): object {
  return {
    parallel,
    runs: runs.map(({ pipeline, options }) => ({
      pipeline: pipeline.name,
      tap: pipeline.tap,
      target: pipeline.target,
      after: pipeline.after.filter((name) => runs.some((other) => other.pipeline.name === name)),
      ...(pipeline.select !== undefined && { select: pipeline.select }),
      options,
      retry: pipeline.retry,
    })),
    transform,
  };
}

/** The plan in words. */
export function describePlan({ runs, parallel, transform }: RunPlan): string {
  const lines = runs.map(({ pipeline, options }) => {
    const after = pipeline.after.filter((name) => runs.some((run) => run.pipeline.name === name));
    const facts = [
      options.fullRefresh ? "everything again" : undefined,
      options.from === undefined ? undefined : `from ${options.from}`,
      options.to === undefined ? undefined : `to ${options.to}`,
      options.select === undefined ? undefined : `only ${options.select.join(", ")}`,
      after.length === 0 ? undefined : `after ${after.join(", ")}`,
    ].filter((fact) => fact !== undefined);
    return [`${pipeline.name}: ${pipeline.tap} | ${pipeline.target}`, ...facts].join(", ");
  });
  const last = transform ? ["then transform"] : [];
  return [...lines, ...last, `${parallel} at once`].join("\n");
}

/** Milliseconds. */
function readTime(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new ConfigError(`${flag} must be a time like 2024-01-31 or 2024-01-31T00:00:00Z`);
  }
  return time;
}
