/** `bizops run`. */
import { PartFailedError, type ProgramContext, worstExitCode } from "@bizops/singer";
import { type Command, InvalidArgumentError } from "commander";
import type { Project } from "../project/project.ts";
import { withRecords } from "../records/open-records.ts";
import { describePlan, planRun, type RunPlan, renderPlan } from "../run/plan-run.ts";
import { openRunDisplay } from "../run/run-display.ts";
import { runPlan } from "../run/run-plan.ts";
import { describeReport } from "../run/run-report.ts";

interface Flags {
  readonly fullRefresh: boolean;
  readonly select?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly parallel: number;
  readonly transform?: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function addRunCommand(
  program: Command,
  project: () => Project,
  context: ProgramContext,
): void {
  program
    .command("run")
    .description("run pipelines: all of them, or those named")
    .argument("[pipelines...]", "names out of bizops.yml")
    .option("--full-refresh", "read everything again, whatever the state says", false)
    .option("--select <patterns>", "read these alone: STREAM or STREAM.FIELD, with *", readPatterns)
    .option("--from <time>", "read again what changed since; the state stays as it is")
    .option("--to <time>", "read again what changed before")
    .option("--parallel <n>", "how many pipelines at once", readCount, 4)
    .option("--transform", "run dbt when the pipelines are through")
    .option("--no-transform", "do not, whatever bizops.yml says")
    .option("--dry-run", "print what would be done, and do nothing", false)
    .option("--json", "print the result as JSON", false)
    .action(async (pipelines: string[], flags: Flags) => {
      const { fullRefresh, select, from, to, parallel, transform } = flags;
      const opened = project();
      const plan = planRun(opened, {
        pipelines,
        parallel,
        options: {
          ...(fullRefresh && { fullRefresh }),
          ...(select !== undefined && { select }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        },
        ...(transform !== undefined && { transform }),
      });
      if (!flags.dryRun) return carryOut(opened, plan, flags.json, context);
      const text = flags.json ? JSON.stringify(renderPlan(plan), null, 2) : describePlan(plan);
      return context.stdout.write(`${text}\n`);
    });
}

/** Runs a plan, shows it and prints its reports. @throws PartFailedError with the worst exit code */
export function carryOut(
  project: Project,
  plan: RunPlan,
  json: boolean,
  context: ProgramContext,
): Promise<void> {
  return withRecords(project, async (database) => {
    const display = openRunDisplay(process.stderr);
    const reports = await runPlan({ project, plan, database, display, context }).finally(
      display.stop,
    );
    if (context.signal.aborted) throw context.signal.reason;
    if (json) await context.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
    else for (const report of reports) await context.stdout.write(`${describeReport(report)}\n`);
    const failed = reports.filter(({ exitCode }) => exitCode !== 0);
    if (failed.length === 0) return;
    throw new PartFailedError(
      `failed: ${failed.map(({ pipeline }) => pipeline).join(", ")}`,
      worstExitCode(failed.map(({ exitCode }) => exitCode)),
    );
  });
}

function readPatterns(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(",").map((each) => each.trim())];
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}
