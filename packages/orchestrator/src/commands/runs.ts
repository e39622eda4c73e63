/** `bizops runs`: what ran, what became of it, and to try it again. */
import { existsSync, readFileSync } from "node:fs";
import {
  findRunsToRetry,
  listRuns,
  type Run,
  type RunDetails,
  readRun,
  reapCrashedRuns,
} from "@bizops/run-store";
import { ConfigError, type ProgramContext } from "@bizops/singer";
import type { Command } from "commander";
import { choosePipelines, type Project } from "../project/project.ts";
import { withRunStore } from "../records/open-records.ts";
import { formatSeconds } from "../run/progress.ts";
import { transformName } from "../run/run-report.ts";
import { carryOut } from "./run.ts";

export function addRunsCommand(
  program: Command,
  project: () => Project,
  context: ProgramContext,
): void {
  const runs = program.command("runs").description("what ran, and what became of it");
  const print = (json: boolean, value: unknown, text: () => string) =>
    context.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
  runs
    .command("list")
    .description("the latest runs")
    .argument("[pipeline]")
    .option("--limit <n>", "how many", "20")
    .option("--json", "print the result as JSON", false)
    .action((pipeline: string | undefined, flags: { limit: string; json: boolean }) =>
      withRunStore(project(), async (database) => {
        await reapCrashedRuns(database);
        const limit = Number(flags.limit);
        if (!(limit > 0)) throw new ConfigError("--limit must be a number above 0");
        const filter = { limit, ...(pipeline !== undefined && { pipeline }) };
        const found = await listRuns(database, filter);
        await print(flags.json, found, () => found.map(describeRun).join("\n") || "no runs");
      }),
    );
  runs
    .command("show")
    .description("all that is known of a run")
    .argument("<run>", "its number")
    .option("--json", "print the result as JSON", false)
    .action((id: string, flags: { json: boolean }) =>
      withRunStore(project(), async (database) => {
        await reapCrashedRuns(database);
        const run = expectRun(await readRun(database, readNumber(id)), id);
        await print(flags.json, run, () => describeDetails(run));
      }),
    );
  runs
    .command("logs")
    .description("what the programs of a run logged, where it ran on this machine")
    .argument("<run>", "its number")
    .action((id: string) =>
      withRunStore(project(), async (database) => {
        const run = expectRun(await readRun(database, readNumber(id)), id);
        for (const text of readLogs(run)) await context.stdout.write(text);
      }),
    );
  runs
    .command("retry")
    .description("try a run again, or each pipeline whose latest run did not succeed")
    .argument("[run]", "its number")
    .option("--json", "print the result as JSON", false)
    .action(async (id: string | undefined, flags: { json: boolean }) => {
      const opened = project();
      const found = await withRunStore(opened, async (database) => {
        await reapCrashedRuns(database);
        return id === undefined
          ? findRunsToRetry(database)
          : [expectRun(await readRun(database, readNumber(id)), id)];
      });
      const known = new Set(opened.pipelines.map(({ name }) => name));
      // What bizops.yml no longer has is only missed where it is asked for.
      const runs = found.filter(({ pipeline }) => id !== undefined || known.has(pipeline));
      const transform = found.some(({ pipeline }) => pipeline === transformName);
      if (runs.length === 0 && !transform) {
        return context.stdout.write("nothing to try again\n");
      }
      const plan = {
        runs: runs
          .filter(({ pipeline }) => pipeline !== transformName)
          .map((run) => ({
            pipeline: choosePipelines(opened, [run.pipeline])[0]!,
            options: run.options,
            retryOf: run.id,
          })),
        parallel: 4,
        transform,
      };
      return carryOut(opened, plan, flags.json, context);
    });
}

function readNumber(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0) return id;
  throw new ConfigError(`${text} is no number of a run; see bizops runs list`);
}

function expectRun(run: RunDetails | undefined, id: string): RunDetails {
  if (run === undefined) throw new ConfigError(`there is no run ${id}; see bizops runs list`);
  return run;
}

function describeRun(run: Run): string {
  const end = run.endedAt ?? new Date();
  const took = formatSeconds((end.getTime() - run.startedAt.getTime()) / 1000);
  const code = run.exitCode ? ` (exit code ${run.exitCode})` : "";
  const started = run.startedAt.toISOString().slice(0, 19);
  const rows = run.rows.toLocaleString("en");
  return `${String(run.id).padStart(5)}  ${started}Z  ${run.pipeline.padEnd(20)} ${run.status}${code}  ${rows} rows, ${took}`;
}

function describeDetails(run: RunDetails): string {
  const attempts = run.attempts.flatMap((attempt) => {
    const { number, exitCode, blame, logFile, rows, stateBefore, stateAfter } = attempt;
    return [
      `attempt ${number}: exit code ${exitCode ?? "?"}${blame ? ` (${blame})` : ""}, log ${logFile ?? "none"}`,
      ...Object.entries(rows).map(([stream, count]) => `  ${stream}: ${count} rows`),
      `  state before: ${stateBefore ?? "none"}`,
      `  state after: ${stateAfter ?? "none"}`,
    ];
  });
  const events = run.events.map(
    ({ at, event, detail }) => `${at.toISOString()} ${event} ${JSON.stringify(detail)}`,
  );
  return [describeRun(run), `on ${run.host}, process ${run.pid}`, ...attempts, ...events].join(
    "\n",
  );
}

/** @throws ConfigError if they are elsewhere, or gone */
function readLogs({ id, host, attempts }: RunDetails): string[] {
  const files = attempts.flatMap(({ logFile }) => (logFile === null ? [] : [logFile]));
  const found = files.flatMap((file) => [`${file}.1`, file]).filter((file) => existsSync(file));
  if (found.length > 0) return found.map((file) => readFileSync(file, "utf8"));
  throw new ConfigError(
    `the logs of run ${id} are not here; it ran on ${host}: ${files.join(", ") || "no log"}`,
  );
}
