/** Where a pipeline's state is kept: by its target if that can, else in the run store, else in a file. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type RunDatabase, readState, writeState } from "@bizops/run-store";
import { asWriteError, ConfigError, exitCodes, PartFailedError } from "@bizops/singer";
import { askProgram } from "../ask-program.ts";
import type { PrivateFolder } from "../run/private-folder.ts";
import type { Command } from "../run/spawn-pipe.ts";

/** Reads and takes one pipeline's state, as JSON text. */
export interface StateStore {
  readonly place: "target" | "run-store" | "file";
  /** Undefined: there is none. */
  read(): Promise<string | undefined>;
  /** Takes a state the target has put out. */
  take(line: string): void;
  /** Waits until all that was taken is kept. */
  settle(): Promise<void>;
  /** Replaces the state by hand; undefined: there shall be none. */
  write(state: string | undefined): Promise<void>;
}

/** The target keeps the state in the transaction of the data, so there is nothing to take. */
export function stateInTarget(
  target: Command,
  files: PrivateFolder,
  environment: NodeJS.ProcessEnv,
): StateStore {
  const ask = async (...flags: string[]) => {
    const args = [...target.args, ...flags];
    const { exitCode, stdout, lastLine } = await askProgram(target.path, args, environment);
    if (exitCode !== 0) throw new PartFailedError(lastLine, exitCode ?? exitCodes.bug);
    return stdout.trim();
  };
  return {
    place: "target",
    async read() {
      const state = await ask("--get-state");
      return state === "" || state === empty ? undefined : state;
    },
    take() {},
    settle: async () => {},
    write: async (state) =>
      void (await ask("--set-state", files.write("new-state.json", state ?? empty))),
  };
}

/** A target can replace what it keeps, but not forget it. */
const empty = "{}";

/** The run store, for targets that keep no state. States that come faster than they are written are passed over. */
export function stateInRunStore(database: RunDatabase, stateId: string): StateStore {
  let latest: string | undefined;
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (latest !== undefined) {
      const state = latest;
      latest = undefined;
      await writeState(database, stateId, state);
    }
  };
  return {
    place: "run-store",
    read: () => readState(database, stateId),
    take(line) {
      latest = line;
      if (writing !== undefined) return;
      writing = writeAll().finally(() => {
        writing = undefined;
      });
      writing.catch(() => {}); // what was taken stays, and settle tries again
    },
    async settle() {
      await writing?.catch(() => {});
      await writeAll();
    },
    write: (state) => writeState(database, stateId, state),
  };
}

/** A file where there is no warehouse; replaced in one step, so a crash leaves the old or the new one. */
export function stateInFile(projectFolder: string, stateId: string): StateStore {
  const file = join(projectFolder, ".bizops", "state", `${stateId}.json`);
  const write = (state: string | undefined) => {
    try {
      if (state === undefined) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${state}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (cause) {
      throw asWriteError(cause, `the state file ${file}`);
    }
  };
  return {
    place: "file",
    async read() {
      if (!existsSync(file)) return undefined;
      try {
        return readFileSync(file, "utf8").trim();
      } catch (cause) {
        throw new ConfigError(`the state file ${file} cannot be read`, { cause });
      }
    },
    take: write,
    settle: async () => {},
    write: async (state) => write(state),
  };
}

/** Whether a target says that it keeps state under a `state_id`. */
export async function keepsState(target: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const about = await askProgram(target, ["--about", "--format", "json"], environment);
  if (about.exitCode !== 0) return false;
  try {
    return JSON.parse(about.stdout).capabilities?.includes("state-id") ?? false;
  } catch {
    return false; // a foreign target with another --about
  }
}
