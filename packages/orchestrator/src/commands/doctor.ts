/** `bizops doctor`: is everything here that a run needs, and does it answer? */
import { findPython } from "@bizops/python-environment";
import {
  asSingerError,
  ConfigError,
  exitCodes,
  PartFailedError,
  worstExitCode,
} from "@bizops/singer";
import { askConnector } from "../ask-connector.ts";
import { type Pipeline, type Project, readProject } from "../project/project.ts";
import { findDbtPackage } from "../transform.ts";

/** One thing looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong and what to do. */
  readonly detail: string;
  /** 0 or the exit code this failure stands for. */
  readonly exitCode: number;
}

/** Looks at everything; a failing check never stops the others. */
export async function examine(folder: string, environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const checks = [
    await check("Node.js", () => process.version),
    await check("Python", () => findPython(environment).version),
    await check("dbt project", () => findDbtPackage(folder)),
  ];
  let project: Project | undefined;
  checks.push(
    await check("bizops.yml", () => {
      project = readProject(folder, environment);
      return `${project.folder}: ${project.pipelines.map(({ name }) => name).join(", ")}`;
    }),
  );
  if (project === undefined) return checks;
  const found = project;
  return [
    ...checks,
    ...(await Promise.all(found.pipelines.map((each) => examinePipeline(found, each)))).flat(),
    ...comparePrivacy(found),
  ];
}

/** The exit code of all checks together. */
export function outcomeOf(checks: readonly Check[]): number {
  return worstExitCode(checks.map(({ exitCode }) => exitCode));
}

async function check(name: string, look: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look(), exitCode: 0 };
  } catch (thrown) {
    const { message, exitCode } = asSingerError(thrown);
    return { name, ok: false, detail: message, exitCode };
  }
}

function examinePipeline(project: Project, pipeline: Pipeline): Promise<Check[]> {
  const { name, tap, tapConfig, target, targetConfig } = pipeline;
  return Promise.all([
    check(`${name}: ${tap} reaches its source`, () => {
      if (pipeline.problem !== undefined) throw new ConfigError(pipeline.problem);
      return tryProgram(project, name, tap, tapConfig, ["--test"]);
    }),
    check(`${name}: ${target} reaches the warehouse`, () =>
      tryProgram(project, name, target, targetConfig, []),
    ),
  ]);
}

/** Runs a connector with nothing on its input; its last line of log says what is wrong. @returns its path */
async function tryProgram(
  project: Project,
  pipeline: string,
  program: string,
  config: object,
  flags: readonly string[],
): Promise<string> {
  const { path, exitCode, lastLine } = await askConnector(
    project,
    pipeline,
    program,
    config,
    flags,
  );
  if (exitCode === 0) return path;
  throw new PartFailedError(lastLine, exitCode ?? exitCodes.bug);
}

/** People are joined across sources by e-mail: that only works if every source treats it the same. */
function comparePrivacy({ pipelines }: Project): Check[] {
  const verbs = new Map<string, string[]>();
  for (const { name, tapConfig } of pipelines) {
    const verb = String(
      (tapConfig.privacy as { direct?: string } | undefined)?.direct ?? "pseudonymise",
    );
    verbs.set(verb, [...(verbs.get(verb) ?? []), name]);
  }
  if (verbs.size < 2) return [];
  const detail = [...verbs].map(([verb, names]) => `${names.join(", ")}: ${verb}`).join("; ");
  return [
    {
      name: "privacy: e-mail is treated alike",
      ok: false,
      detail: `${detail}; people of different sources will not be joined`,
      exitCode: 2,
    },
  ];
}
