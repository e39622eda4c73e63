/** One pipeline, once: files for the two programs, the pipe, the state, the outcome. */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asWriteError } from "@bizops/singer";
import { decideOutcome, type Outcome } from "./decide-outcome.ts";
import { findExecutable } from "./find-executable.ts";
import type { Progress } from "./progress.ts";
import { environmentOf, type Pipeline, type Project } from "./project.ts";
import { type Command, spawnPipe } from "./spawn-pipe.ts";
import {
  keepsState,
  type StateStore,
  stateFile,
  stateInFile,
  stateInTarget,
} from "./state-store.ts";

/** What a run is given. */
export interface RunRequest {
  readonly project: Project;
  readonly pipeline: Pipeline;
  /** Read everything again, whatever the state says. */
  readonly fullRefresh: boolean;
  readonly progress: Progress;
  /** Lines worth showing: warnings and worse. */
  readonly onNotice: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a run was. */
export interface RunReport extends Outcome {
  readonly pipeline: string;
  readonly rows: { readonly [stream: string]: number };
  readonly bytes: number;
  readonly seconds: number;
  /** Everything both programs logged. */
  readonly logFile: string;
}

/**
 * Runs a pipeline. What the programs themselves fail with is in the report, not thrown.
 * @throws ConfigError if a program is missing or a folder cannot be written
 */
export async function runPipeline(request: RunRequest): Promise<RunReport> {
  const { project, pipeline, progress } = request;
  const started = Date.now();
  const { LOG_FORMAT: _, ...inherited } = environmentOf(project, pipeline.name);
  const environment = { BIZOPS_METRIC_SECONDS: "1", ...inherited };
  const tap = findExecutable(pipeline.tap, project.folder, environment);
  const target = findExecutable(pipeline.target, project.folder, environment);
  const { stream: log, file: logFile } = openLog(project.folder, pipeline.name);
  const folder = mkdtempSync(join(tmpdir(), "bizops-"));
  try {
    const inTarget = keepsState(target, environment);
    const targetCommand: Command = {
      path: target,
      args: [
        "--config",
        writePrivate(folder, "target.json", {
          ...pipeline.targetConfig,
          ...(inTarget && { state_id: pipeline.name }),
        }),
      ],
    };
    const states: StateStore = inTarget
      ? stateInTarget(targetCommand, environment)
      : stateInFile(stateFile(project.folder, pipeline.name));
    const state = request.fullRefresh ? undefined : states.read();
    const tapCommand: Command = {
      path: tap,
      args: [
        ...["--config", writePrivate(folder, "tap.json", pipeline.tapConfig)],
        ...(pipeline.catalog === undefined ? [] : ["--catalog", pipeline.catalog]),
        ...(state === undefined ? [] : ["--state", writePrivate(folder, "state.json", state)]),
      ],
    };
    const end = await spawnPipe({
      tap: tapCommand,
      target: targetCommand,
      environment,
      folder: project.folder,
      onState: (line) => states.take(line),
      onLog(source, line) {
        log.write(`${source} ${line}\n`);
        if (source === "tap" && progress.accept(line)) return;
        if (!/^(INFO|DEBUG)\b/.test(line)) request.onNotice(`${pipeline.name} ${source}: ${line}`);
      },
      signal: request.signal,
    });
    return {
      pipeline: pipeline.name,
      ...decideOutcome(end),
      rows: progress.rowsByStream,
      bytes: end.bytes,
      seconds: (Date.now() - started) / 1000,
      logFile,
    };
  } finally {
    log.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files may hold secrets filled in from the environment: readable by us alone, gone after the run. */
function writePrivate(folder: string, name: string, content: object | string): string {
  const file = join(folder, name);
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function openLog(projectFolder: string, pipeline: string) {
  const folder = join(projectFolder, ".bizops", "logs");
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  const file = join(folder, `${pipeline}-${stamp}.log`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, "", { mode: 0o600 });
  } catch (cause) {
    throw asWriteError(cause, `the log folder ${folder}`);
  }
  return { file, stream: createWriteStream(file, { flags: "a" }) };
}
