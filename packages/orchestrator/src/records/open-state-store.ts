/** Finds out where the state of a pipeline is kept. */
import type { RunDatabase, RunOptions } from "@bizops/run-store";
import { findExecutable } from "../find-executable.ts";
import type { Pipeline, Project } from "../project/project.ts";
import type { PrivateFolder } from "../run/private-folder.ts";
import type { Command } from "../run/spawn-pipe.ts";
import {
  keepsState,
  type StateStore,
  stateInFile,
  stateInRunStore,
  stateInTarget,
} from "./state-store.ts";

export interface StateRequest {
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly options: RunOptions;
  readonly database: RunDatabase | undefined;
}

/**
 * The state's place, and the target's command with its settings. A backfill's target is told of no state, so that
 * the pipeline's own stays where it is.
 * @throws ConfigError if the target is missing
 */
export async function openStateStore(
  { project, pipeline, options, database }: StateRequest,
  files: PrivateFolder,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly states: StateStore; readonly target: Command }> {
  const path = findExecutable(pipeline.target, project.folder, environment);
  const isBackfill = options.from !== undefined || options.to !== undefined;
  const inTarget = await keepsState(path, environment);
  const config = {
    ...pipeline.targetConfig,
    ...(inTarget && !isBackfill && { state_id: pipeline.name }),
  };
  const target: Command = { path, args: ["--config", files.write("target.json", config)] };
  if (inTarget) return { target, states: stateInTarget(target, files, environment) };
  return {
    target,
    states:
      database === undefined
        ? stateInFile(project.folder, pipeline.name)
        : stateInRunStore(database, pipeline.name),
  };
}
