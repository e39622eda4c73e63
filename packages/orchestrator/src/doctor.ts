/** `bizops doctor`: is everything here that a run needs, and does it answer? */
import { asSingerError, exitCodes, worstExitCode } from "@bizops/singer";
import { askConnector } from "./ask-program.ts";
import { findExecutable } from "./find-executable.ts";
import { type Pipeline, type Project, readProject } from "./project.ts";
import { findPython } from "./python-environment.ts";
import { findDbtPackage } from "./transform.ts";

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
export function examine(folder: string, environment: NodeJS.ProcessEnv): Check[] {
  const checks = [
    check("Node.js", () => process.version),
    check("Python", () => findPython(environment).version),
    check("dbt project", () => findDbtPackage(folder)),
  ];
  let project: Project | undefined;
  checks.push(
    check("bizops.yml", () => {
      project = readProject(folder, environment);
      return `${project.folder}: ${project.pipelines.map(({ name }) => name).join(", ")}`;
    }),
  );
  if (project === undefined) return checks;
  const found = project;
  return [
    ...checks,
    ...found.pipelines.flatMap((pipeline) => examinePipeline(found, pipeline)),
    ...comparePrivacy(found),
  ];
}

/** The exit code of all checks together. */
export function outcomeOf(checks: readonly Check[]): number {
  return worstExitCode(checks.map(({ exitCode }) => exitCode));
}

function check(name: string, look: () => string): Check {
  try {
    return { name, ok: true, detail: look(), exitCode: 0 };
  } catch (thrown) {
    const { message, exitCode } = asSingerError(thrown);
    return { name, ok: false, detail: message, exitCode };
  }
}

function examinePipeline(project: Project, pipeline: Pipeline): Check[] {
  const { name, tap, target } = pipeline;
  return [
    tryProgram(project, name, `${name}: ${tap} reaches its source`, tap, pipeline.tapConfig, [
      "--test",
    ]),
    tryProgram(
      project,
      name,
      `${name}: ${target} reaches the warehouse`,
      target,
      pipeline.targetConfig,
      [],
    ),
  ];
}

/** Runs a connector with nothing on its input; its last line of log says what is wrong. */
function tryProgram(
  project: Project,
  pipeline: string,
  name: string,
  program: string,
  config: object,
  flags: readonly string[],
): Check {
  try {
    const answer = askConnector(project, pipeline, program, config, flags);
    const path = findExecutable(program, project.folder, project.environment);
    if (answer.exitCode === 0) return { name, ok: true, detail: path, exitCode: 0 };
    const exitCode = answer.exitCode ?? exitCodes.bug;
    return { name, ok: false, detail: answer.lastLine, exitCode };
  } catch (thrown) {
    const { message, exitCode } = asSingerError(thrown);
    return { name, ok: false, detail: message, exitCode };
  }
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
