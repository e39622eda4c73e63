/** Asks a program something: runs it with nothing on its input and hears the answer out. */
import { spawnSync } from "node:child_process";

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
