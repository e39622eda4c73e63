/** The command line of `bizops mapping`. */
import { readFileSync } from "node:fs";
import { readProject } from "@bizops/orchestrator";
import { ConfigError, exitCodes, PartFailedError, type ProgramContext } from "@bizops/singer";
import { Command, CommanderError } from "commander";
import { check, type LocatedProblem } from "./check.ts";
import { type Generation, generate, type Proposal } from "./generate.ts";

interface Options {
  readonly catalog?: string;
  readonly json: boolean;
}

/**
 * Runs `bizops mapping` with the arguments of the context.
 * @throws SingerError with the exit code of what failed; 5 where a mapping has problems
 */
export async function runMapping(context: ProgramContext): Promise<void> {
  const program = new Command("bizops mapping");
  const { version } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  program
    .description("from a company's own fields to the common data model")
    .version(version)
    .option("-C, --project <folder>", "the project's folder", ".")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: () => {}, // reported once, by the frame of every program
    });
  const project = () =>
    readProject(program.opts<{ project: string }>().project, context.environment);
  const print = (result: object, text: string, json: boolean) =>
    context.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : text);
  const catalogHelp = "a discovered catalog (default: the pipeline's, else the source is asked)";

  program
    .command("generate")
    .description("write mapping/SOURCE.yml and models/generated/ of the dbt project")
    .argument("<source>", "a pipeline's name out of bizops.yml")
    .option("--catalog <file>", catalogHelp)
    .option("--json", "print the result as JSON", false)
    .action(async (source: string, { catalog, json }: Options) => {
      const result = await generate(project(), source, catalog);
      await print(result, describeGeneration(result), json);
    });
  program
    .command("check")
    .description("list what is missing, of the wrong type, gone or double; exit code 5 if anything")
    .argument("[sources...]", "default: every source that has a mapping")
    .option("--catalog <file>", catalogHelp)
    .option("--json", "print the result as JSON", false)
    .action(async (sources: string[], { catalog, json }: Options) => {
      const problems = await check(project(), sources, catalog);
      await print(problems, problems.map(describeProblem).join(""), json);
      if (problems.length === 0) return;
      throw new PartFailedError(`the mapping has ${problems.length} problems`, exitCodes.contract);
    });
  try {
    await program.parseAsync([...context.argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const wrong =
      error.code === "commander.help" ? "no command" : error.message.replace(/^error: /, "");
    throw new ConfigError(`${wrong}; see bizops mapping --help`);
  }
}

function describeGeneration({ source, changed, proposals, problems }: Generation): string {
  return [
    ...proposals.map(describeProposal),
    `${source}: ${changed.length} files changed\n`,
    ...(problems.length === 0
      ? []
      : [`${source}: ${problems.length} problems; bizops mapping check ${source} lists them\n`]),
  ].join("");
}

function describeProposal({ object, field, from, origin, confidence, evidence }: Proposal): string {
  return `${object}.${field} <- ${from} (${origin}, ${confidence})${evidence === undefined ? "" : `: ${evidence}`}\n`;
}

function describeProblem({ file, line, path, kind, needed_by, message }: LocatedProblem): string {
  const place = path.filter((part) => part !== "objects" && part !== "fields").join(".");
  const needs = needed_by.length === 0 ? "" : ` (needed by ${needed_by.join(", ")})`;
  return `${file}:${line}: ${place}: ${kind}: ${message}${needs}\n`;
}
