/** Asks a program something: runs it with nothing on its input and hears the answer out. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findExecutable } from "./find-executable.ts";
import { environmentOf, type Project } from "./project.ts";

/** What a program answered. */
export interface Answer {
  /** Its exit code; undefined if it could not be run or was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** The last line of its log, which says what is wrong if something is. */
  readonly lastLine: string;
}

/** A stored state may be large; this is what Node holds in one text, with room to spare. */
const mostBytes = 256 * 1024 * 1024;

export function askProgram(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder?: string,
): Answer {
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    env: environment,
    ...(folder !== undefined && { cwd: folder }),
    input: "",
    encoding: "utf8",
    maxBuffer: mostBytes,
  });
  const said = (stderr ?? "").trim().split("\n").at(-1) ?? "";
  return {
    exitCode: status ?? undefined,
    stdout: stdout ?? "",
    lastLine: said.replace(/^CRITICAL /, "") || (error?.message ?? `${path} ended with ${status}`),
  };
}

/**
 * Asks a connector of a pipeline something, with its settings in a file only we can read.
 * @throws ConfigError if the program is not installed
 */
export function askConnector(
  project: Project,
  pipeline: string,
  program: string,
  config: object,
  flags: readonly string[],
): Answer {
  const environment = environmentOf(project, pipeline);
  const path = findExecutable(program, project.folder, environment);
  const folder = mkdtempSync(join(tmpdir(), "bizops-"));
  try {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return askProgram(path, ["--config", file, ...flags], environment, project.folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
