/** Where a pipeline's state is kept: by its target, if that can, else in the project's folder. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { asWriteError, exitCodes, PartFailedError } from "@bizops/singer";
import { askProgram } from "./ask-program.ts";
import type { Command } from "./spawn-pipe.ts";

/** Reads and takes one pipeline's state, as JSON text. */
export interface StateStore {
  /** Undefined: the pipeline never ran. */
  read(): string | undefined;
  /** Takes a state the target has put out. */
  take(line: string): void;
}

/** The target keeps the state in the transaction of the data, so there is nothing to take. */
export function stateInTarget(target: Command, environment: NodeJS.ProcessEnv): StateStore {
  return {
    read() {
      const { exitCode, stdout, lastLine } = askProgram(
        target.path,
        [...target.args, "--get-state"],
        environment,
      );
      if (exitCode !== 0) throw new PartFailedError(lastLine, exitCode ?? exitCodes.bug);
      return stdout.trim() === "" ? undefined : stdout;
    },
    take() {},
  };
}

/** A file for targets that keep no state; replaced in one step, so a crash leaves the old or the new one. */
export function stateInFile(file: string): StateStore {
  return {
    read: () => (existsSync(file) ? readFileSync(file, "utf8") : undefined),
    take(line) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(`${file}.new`, `${line}\n`, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (cause) {
        throw asWriteError(cause, `the state file ${file}`);
      }
    },
  };
}

/** Of the project, for one pipeline. */
export function stateFile(projectFolder: string, pipeline: string): string {
  return join(projectFolder, ".bizops", "state", `${pipeline}.json`);
}

/** Whether a target says that it keeps state under a `state_id`. */
export function keepsState(target: string, environment: NodeJS.ProcessEnv): boolean {
  const { exitCode, stdout } = askProgram(target, ["--about", "--format", "json"], environment);
  if (exitCode !== 0) return false;
  try {
    return JSON.parse(stdout).capabilities?.includes("state-id") ?? false;
  } catch {
    return false; // a foreign target with another --about
  }
}
