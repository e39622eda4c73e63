/** Asks a program something: runs it with nothing on its input and hears the answer out. */
import { spawn } from "node:child_process";

/** What a program answered. */
export interface Answer {
  /** Its exit code; undefined if it could not be run or was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** The last line of its log, which says what is wrong if something is. */
  readonly lastLine: string;
}

export function askProgram(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder?: string,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(path, args, {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(folder !== undefined && { cwd: folder }),
    });
    const stdout: Buffer[] = [];
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => void stdout.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr = (stderr + chunk).slice(-10_000);
    });
    child.once("error", ({ message }) =>
      resolve({ exitCode: undefined, stdout: "", lastLine: message }),
    );
    child.once("close", (code) => {
      const said = stderr.trim().split("\n").at(-1) ?? "";
      const lastLine = said.replace(/^CRITICAL /, "") || `${path} ended with ${code}`;
      const text = Buffer.concat(stdout).toString();
      resolve({ exitCode: code ?? undefined, stdout: text, lastLine });
    });
  });
}
