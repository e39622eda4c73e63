/** `bizops state`: look at states, set them, roll them back. */
import { readFileSync } from "node:fs";
import {
  keepVersion,
  listVersions,
  lockPipeline,
  type RunDatabase,
  readVersion,
  type StateOrigin,
  type StateVersion,
} from "@bizops/run-store";
import { ConfigError, type JsonObject, type ProgramContext, parseJson } from "@bizops/singer";
import type { Command } from "commander";
import { choosePipelines, type Project } from "../project/project.ts";
import { withRecords, withRunStore } from "../records/open-records.ts";
import { openStateStore } from "../records/open-state-store.ts";
import type { StateStore } from "../records/state-store.ts";
import { createPrivateFolder } from "../run/private-folder.ts";

export function addStateCommand(
  program: Command,
  project: () => Project,
  context: ProgramContext,
): void {
  const state = program.command("state").description("states of pipelines, and their history");
  state
    .command("list")
    .description("the latest state of each pipeline, or all versions of one")
    .argument("[pipeline]")
    .option("--json", "print the result as JSON", false)
    .action((pipeline: string | undefined, { json }: { json: boolean }) =>
      withRunStore(project(), async (database) => {
        const found = await listVersions(database, pipeline, 100);
        const text = json
          ? JSON.stringify(found, null, 2)
          : found.map(describeVersion).join("\n") || "no states";
        await context.stdout.write(`${text}\n`);
      }),
    );
  state
    .command("get")
    .description("print the state of a pipeline, or an older version")
    .argument("<pipeline>")
    .option("--version <n>", "the number of a version in its history")
    .action((pipeline: string, { version }: { version?: string }) =>
      withStates(project(), pipeline, async (states, database) => {
        const found =
          version === undefined
            ? await states.read()
            : await findVersion(database, pipeline, version);
        if (found === undefined) throw new ConfigError(`${pipeline} has no state`);
        await context.stdout.write(`${found}\n`);
      }),
    );
  state
    .command("set")
    .description("replace the state of a pipeline by a file, or by an older version")
    .argument("<pipeline>")
    .argument("[file]")
    .option("--version <n>", "the number of a version in its history")
    .action((pipeline: string, file: string | undefined, { version }: { version?: string }) => {
      if ((file === undefined) === (version === undefined)) {
        throw new ConfigError("bizops state set needs a file or --version, and not both");
      }
      return changeState(project(), pipeline, "set", (database) =>
        file === undefined ? findVersion(database, pipeline, version!) : readStateFile(file),
      );
    });
  state
    .command("clear")
    .description("forget the state of a pipeline: its next run reads everything")
    .argument("<pipeline>")
    .action((pipeline: string) => changeState(project(), pipeline, "clear", async () => undefined));
  state
    .command("copy")
    .description("give a pipeline the state of another")
    .argument("<from>")
    .argument("<to>")
    .action((from: string, to: string) =>
      changeState(project(), to, "copy", async () => {
        const found = await withStates(project(), from, (states) => states.read());
        if (found === undefined) throw new ConfigError(`${from} has no state`);
        return found;
      }),
    );
}

/** Opens the place where a pipeline's state is kept. */
function withStates<T>(
  project: Project,
  name: string,
  work: (states: StateStore, database: RunDatabase | undefined) => Promise<T>,
): Promise<T> {
  const [pipeline] = choosePipelines(project, [name]);
  return withRecords(project, async (database) => {
    const files = createPrivateFolder(project.folder, name);
    try {
      const request = { project, pipeline: pipeline!, options: {}, database };
      const { states } = await openStateStore(request, files, project.environment);
      return await work(states, database);
    } finally {
      files.remove();
    }
  });
}

/** Changes a state while the pipeline does not run; what was there before stays in its history. */
function changeState(
  project: Project,
  pipeline: string,
  origin: StateOrigin,
  find: (database: RunDatabase | undefined) => Promise<string | undefined>,
): Promise<void> {
  return withStates(project, pipeline, async (states, database) => {
    const changed = await find(database);
    if (database === undefined) return states.write(changed);
    const lock = await lockPipeline(database, pipeline);
    try {
      const before = await states.read();
      if (before !== undefined) {
        await keepVersion(database, { stateId: pipeline, state: before, origin: "run" });
      }
      await states.write(changed);
      const version = {
        stateId: pipeline,
        origin,
        ...(changed !== undefined && { state: changed }),
      };
      await keepVersion(database, version);
    } finally {
      await lock.release();
    }
  });
}

/** @throws ConfigError if there is none of this number, or it says that there was no state */
async function findVersion(
  database: RunDatabase | undefined,
  pipeline: string,
  version: string,
): Promise<string> {
  if (database === undefined) throw new ConfigError("without a warehouse there is no history");
  const found = await readVersion(database, pipeline, Number(version) || 0);
  if (found?.state == null) {
    throw new ConfigError(
      `${pipeline} has no version ${version}; see bizops state list ${pipeline}`,
    );
  }
  return found.state;
}

/** @throws ConfigError if it is not the state of a tap */
async function readStateFile(file: string): Promise<string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`the file ${file} cannot be read`, { cause });
  }
  try {
    const value = parseJson(text) as JsonObject | null;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Said below; the parser's own words may quote the text.
  }
  throw new ConfigError(`the file ${file} does not hold a state: a JSON object`);
}

function describeVersion({ id, stateId, state, origin, runId, at }: StateVersion): string {
  const by = runId === null ? origin : `run ${runId}`;
  const size = state === null ? "none" : `${Buffer.byteLength(state)} bytes`;
  return `${String(id).padStart(5)}  ${at.toISOString().slice(0, 19)}Z  ${stateId.padEnd(20)} ${by}: ${size}`;
}
