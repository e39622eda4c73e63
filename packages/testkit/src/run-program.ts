/** Runs a program as a user would: a process, its input, what it wrote, how it ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Message, parseMessage } from "@bizops/singer";

/** How a program ended and what it wrote. */
export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  /** The whole environment but PATH. */
  readonly environment?: { readonly [name: string]: string };
  readonly folder?: string;
  /** Called with the running process, to send signals or to write slowly. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Leave stdin open; the caller ends it. */
  readonly keepInputOpen?: boolean;
}

/** The path of a command of this repository. */
export function commandPath(name: string): string {
  return fileURLToPath(new URL(`../../../node_modules/.bin/${name}`, import.meta.url));
}

/** Runs a program to its end. */
export function runProgram(
  path: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(path, args, {
      cwd: options.folder,
      env: { PATH, HOME, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
    });
    // A program that ends before it has read all of its input is a case under test, not an error of ours.
    child.stdin.on("error", () => {});
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    if (!options.keepInputOpen) child.stdin.end(options.input ?? "");
    else if (options.input !== undefined) child.stdin.write(options.input);
    options.onStart?.(child);
  });
}

/** The messages in a tap's output. @throws if a line is none */
export function readMessages(stdout: string): Message[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => parseMessage(line, index + 1));
}
