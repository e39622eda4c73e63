/** One attempt of a pipeline: files for the two programs, the pipe, the state, the outcome. */
import { readFileSync } from "node:fs";
import type { RunDatabase, RunOptions, StartedProcess } from "@bizops/run-store";
import {
  ConfigError,
  exitCodes,
  type JsonObject,
  type JsonValue,
  PartFailedError,
  parseJson,
  renderJson,
} from "@bizops/singer";
import { askProgram } from "../ask-program.ts";
import { findExecutable } from "../find-executable.ts";
import { environmentOf, type Pipeline, type Project } from "../project/project.ts";
import { openStateStore } from "../records/open-state-store.ts";
import { decideOutcome, type Outcome } from "./decide-outcome.ts";
import type { LogFile } from "./log-file.ts";
import { createPrivateFolder, type PrivateFolder } from "./private-folder.ts";
import type { Progress } from "./progress.ts";
import { selectStreams } from "./select-streams.ts";
import { type Command, spawnPipe } from "./spawn-pipe.ts";

/** What an attempt is given. */
export interface AttemptRequest {
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly options: RunOptions;
  readonly database: RunDatabase | undefined;
  readonly progress: Progress;
  readonly log: LogFile;
  /** Told the state the attempt starts from, before it does. */
  readonly onState: (state: string | undefined) => Promise<void>;
  readonly onStart: (processes: readonly StartedProcess[]) => void;
  /** Lines worth showing: warnings and worse. */
  readonly onNotice: (source: "tap" | "target", line: string) => void;
  readonly signal: AbortSignal;
}

/** What an attempt was. */
export interface AttemptReport extends Outcome {
  readonly bytes: number;
  /** Undefined: there is none, or a backfill, which leaves it alone. */
  readonly state?: string;
}

/**
 * Runs a pipeline once. What the programs themselves fail with is in the report, not thrown.
 * @throws ConfigError if a program is missing; UnavailableError
 */
export async function runAttempt(request: AttemptRequest): Promise<AttemptReport> {
  const { project, pipeline, options, progress, log } = request;
  const { LOG_FORMAT: _, ...inherited } = environmentOf(project, pipeline.name);
  const environment = { BIZOPS_METRIC_SECONDS: "1", ...inherited };
  const path = findExecutable(pipeline.tap, project.folder, environment);
  const files = createPrivateFolder(project.folder, pipeline.name);
  try {
    const { states, target } = await openStateStore(request, files, environment);
    const isBackfill = options.from !== undefined || options.to !== undefined;
    const before = isBackfill ? undefined : await states.read();
    await request.onState(before);
    const tap: Command = {
      path,
      args: await tapArguments(request, path, options.fullRefresh ? undefined : before, files),
    };
    let last = before;
    const end = await spawnPipe({
      tap,
      target,
      environment,
      folder: project.folder,
      onStart: request.onStart,
      onState(line) {
        if (isBackfill) return;
        last = line;
        states.take(line);
      },
      onLog(source, line) {
        log.write(`${source} ${line}`);
        if (source === "tap" && progress.accept(line)) return;
        if (!/^(INFO|DEBUG)\b/.test(line)) request.onNotice(source, line);
      },
      signal: request.signal,
    });
    await states.settle();
    return { ...decideOutcome(end), bytes: end.bytes, ...(last !== undefined && { state: last }) };
  } finally {
    files.remove();
  }
}

async function tapArguments(
  { pipeline, options, project }: AttemptRequest,
  tap: string,
  state: string | undefined,
  files: PrivateFolder,
): Promise<string[]> {
  const window: JsonObject = {
    ...(options.from !== undefined && { start_date: options.from }),
    ...(options.to !== undefined && { end_date: options.to }),
  };
  const config = ["--config", files.write("tap.json", { ...pipeline.tapConfig, ...window })];
  const patterns = [pipeline.select, options.select].filter((list) => list !== undefined);
  const selected =
    patterns.length === 0
      ? pipeline.catalog
      : files.write(
          "catalog.json",
          renderJson(selectStreams(await readCatalog(tap, config, pipeline, project), patterns)),
        );
  return [
    ...config,
    ...(selected === undefined ? [] : ["--catalog", selected]),
    ...(state === undefined ? [] : ["--state", files.write("state.json", state)]),
  ];
}

/** The pipeline's catalog file, or what the tap discovers. */
async function readCatalog(
  tap: string,
  config: readonly string[],
  { name, catalog }: Pipeline,
  project: Project,
): Promise<JsonValue> {
  if (catalog !== undefined) return parseCatalog(readFileSync(catalog, "utf8"), name);
  const args = [...config, "--discover"];
  const answer = await askProgram(tap, args, environmentOf(project, name), project.folder);
  if (answer.exitCode === 0) return parseCatalog(answer.stdout, name);
  throw new PartFailedError(`${name}: ${answer.lastLine}`, answer.exitCode ?? exitCodes.bug);
}

function parseCatalog(text: string, pipeline: string): JsonValue {
  try {
    const catalog = parseJson(text) as JsonObject | null;
    if (Array.isArray(catalog?.streams)) return catalog!;
  } catch {
    // Said below; the parser's own words may quote the text.
  }
  throw new ConfigError(`${pipeline}: select needs a catalog, and the tap's is none`);
}
