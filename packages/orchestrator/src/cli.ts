/** The command line of `bizops`. */
import { readFileSync } from "node:fs";
import { ConfigError, PartFailedError, type ProgramContext } from "@bizops/singer";
import { Command, CommanderError } from "commander";
import { examine, outcomeOf } from "./commands/doctor.ts";
import { addInitCommand } from "./commands/init.ts";
import { addRunCommand } from "./commands/run.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addStateCommand } from "./commands/state.ts";
import { discover } from "./discover.ts";
import { choosePipelines, readProject } from "./project/project.ts";
import { runExternal } from "./run-external.ts";
import { transform } from "./transform.ts";

/**
 * Runs `bizops` with the arguments of the context.
 * @throws SingerError with the exit code of what failed
 */
export async function runBizops(context: ProgramContext): Promise<void> {
  const program = new Command("bizops");
  const { version } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  program
    .description("chains Singer taps to targets, keeps state, runs dbt")
    .version(version)
    .option("-C, --project <folder>", "the project's folder", ".")
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: () => {}, // reported once, by the frame of every program
    });
  const projectFolder = () => program.opts<{ project: string }>().project;
  const project = () => readProject(projectFolder(), context.environment);

  addInitCommand(program, projectFolder, context);
  addRunCommand(program, project, context);
  addRunsCommand(program, project, context);
  addStateCommand(program, project, context);
  program
    .command("discover")
    .description("print the catalog of a pipeline's source")
    .argument("<source>", "a pipeline's name out of bizops.yml")
    .action(async (source: string) => {
      const read = project();
      for (const pipeline of choosePipelines(read, [source])) {
        const catalog = await discover(read, pipeline);
        await context.stdout.write(`${JSON.stringify(catalog, null, 2)}\n`);
      }
    });
  program
    .command("transform")
    .description("run dbt in its private environment (default: dbt build)")
    .argument("[dbt arguments...]", "passed on to dbt")
    .allowUnknownOption()
    .passThroughOptions()
    .action((args: string[]) =>
      transform({
        project: project(),
        args,
        onLine: (line) => void context.stdout.write(`${line}\n`),
        onStep: (step) => context.log.info(step),
        signal: context.signal,
      }),
    );
  program
    .command("doctor")
    .description("look whether everything a run needs is here and answers")
    .option("--json", "print the result as JSON", false)
    .action(({ json }: { json: boolean }) => runDoctor(projectFolder(), json, context));
  program
    .command("*", { hidden: true })
    .argument("[arguments...]")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (_args: string[], _options: object, command: Command) => {
      const [name = "", ...args] = command.parent?.args ?? [];
      const { environment, signal } = context;
      const code = await runExternal(name, args, projectFolder(), environment, signal);
      if (signal.aborted) throw signal.reason;
      if (code !== 0)
        throw new PartFailedError(`bizops-${name} ended with exit code ${code}`, code);
    });
  program.addHelpText(
    "after",
    `
Further commands are packages of their own: bizops X runs the executable bizops-X,
for instance bizops demo (@bizops/demo).

Exit codes: 0 ok, 1 bug, 2 config, 3 authentication, 4 unavailable, 5 contract, 6 quota, 128+n signal`,
  );
  try {
    await program.parseAsync([...context.argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === "commander.help") throw new ConfigError("no command; see bizops --help");
    throw new ConfigError(`${error.message.replace(/^error: /, "")}; see bizops --help`);
  }
}

async function runDoctor(folder: string, json: boolean, context: ProgramContext): Promise<void> {
  const checks = await examine(folder, context.environment);
  const text = json
    ? JSON.stringify(checks, null, 2)
    : checks.map(({ ok, name, detail }) => `${ok ? "ok  " : "FAIL"} ${name}: ${detail}`).join("\n");
  await context.stdout.write(`${text}\n`);
  const exitCode = outcomeOf(checks);
  if (exitCode === 0) return;
  const failed = checks.filter(({ ok }) => !ok).length;
  throw new PartFailedError(`${failed} of ${checks.length} checks failed`, exitCode);
}
