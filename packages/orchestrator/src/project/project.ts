/** A project: the folder with `bizops.yml`, its pipelines, its environment. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError, type JsonObject } from "@bizops/singer";
import { type ProjectContent, readProjectFile } from "./read-project-file.ts";

/** One tap, one target. */
export interface Pipeline {
  readonly name: string;
  readonly tap: string;
  readonly tapConfig: JsonObject;
  /** A catalog file with the selection. */
  readonly catalog?: string;
  /** Streams and fields to read, as patterns. */
  readonly select?: readonly string[];
  readonly target: string;
  readonly targetConfig: JsonObject;
  /** Pipelines that go first. */
  readonly after: readonly string[];
  readonly retry: RetryPolicy;
  /** What keeps it from being run: variables that are not set. */
  readonly problem?: string;
}

/** How often and when a failed pipeline is tried again. */
export interface RetryPolicy {
  /** Tries in all while the source or the warehouse is not available. */
  readonly tries: number;
  /** Before the second try; each further wait is four times as long. */
  readonly firstWaitSeconds: number;
  /** After the quota was spent. */
  readonly quotaWaitMinutes: number;
}

/** A project: a folder with a `bizops.yml`. */
export interface Project {
  readonly folder: string;
  readonly pipelines: readonly Pipeline[];
  /** The dbt project, where it is not that of `@bizops/dbt`. */
  readonly dbtProject?: string;
  /** Whether `bizops run` transforms when the pipelines are through. */
  readonly transformAfterRun: boolean;
  /** The environment of every program we start: ours, with `.env` filling gaps. */
  readonly environment: NodeJS.ProcessEnv;
}

const fileName = "bizops.yml";

/**
 * Reads the project in a folder or the nearest one above it.
 * @throws ConfigError naming the line of `bizops.yml` that is wrong
 */
export function readProject(from: string, environment: NodeJS.ProcessEnv): Project {
  const folder = findProjectFolder(from);
  const file = join(folder, fileName);
  const all = { ...readDotEnv(join(folder, ".env")), ...environment };
  const read = readProjectFile(readFileSync(file, "utf8"), file, all);
  const { pipelines, transform } = read.content as unknown as ProjectFile;
  checkOrder(pipelines, read);
  const problem = read.missing.find(({ path }) => path[0] !== "pipelines");
  if (problem) throw new ConfigError(describeMissing(problem, read));
  return {
    folder,
    pipelines: Object.entries(pipelines).map(([name, entry]) => {
      const missing = read.missing.find(({ path }) => path[1] === name);
      return {
        ...toPipeline(name, entry, folder),
        ...(missing && { problem: describeMissing(missing, read) }),
      };
    }),
    ...(transform?.project !== undefined && { dbtProject: resolve(folder, transform.project) }),
    transformAfterRun: transform?.after_run ?? false,
    environment: all,
  };
}

/**
 * The pipelines of these names, in the project's order; all of them if none is named.
 * @throws ConfigError for an unknown name, or a variable that is not set
 */
export function choosePipelines(project: Project, names: readonly string[]): readonly Pipeline[] {
  const known = project.pipelines.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(`no pipeline ${unknown.join(", ")}; ${fileName} has ${known.join(", ")}`);
  }
  const chosen = project.pipelines.filter(({ name }) => names.length === 0 || names.includes(name));
  const problem = chosen.find((pipeline) => pipeline.problem !== undefined)?.problem;
  if (problem !== undefined) throw new ConfigError(problem);
  return chosen;
}

/** The environment of a pipeline's programs: the project's, and where a tap keeps a token that rotates. */
export function environmentOf(
  { folder, environment }: Project,
  pipeline: string,
): NodeJS.ProcessEnv {
  const tokenFile = join(folder, ".bizops", "secrets", `${pipeline}.json`);
  return { BIZOPS_TOKEN_FILE: tokenFile, ...environment };
}

interface ProjectFile {
  readonly pipelines: { readonly [name: string]: PipelineEntry };
  readonly transform?: { readonly project?: string; readonly after_run?: boolean };
}

interface PipelineEntry {
  readonly tap: string;
  readonly target: string | { readonly name: string; readonly config?: JsonObject };
  readonly config?: JsonObject;
  readonly catalog?: string;
  readonly select?: readonly string[];
  readonly privacy?: JsonObject;
  readonly schema?: string;
  readonly after?: readonly string[];
  readonly retry?: {
    readonly tries?: number;
    readonly first_wait_seconds?: number;
    readonly quota_wait_minutes?: number;
  };
}

function toPipeline(name: string, entry: PipelineEntry, folder: string): Pipeline {
  const target = typeof entry.target === "string" ? { name: entry.target } : entry.target;
  return {
    name,
    tap: entry.tap,
    tapConfig: { ...entry.config, ...(entry.privacy && { privacy: entry.privacy }) },
    ...(entry.catalog !== undefined && { catalog: resolve(folder, entry.catalog) }),
    ...(entry.select !== undefined && { select: entry.select }),
    target: target.name,
    targetConfig: { default_target_schema: entry.schema ?? name, ...target.config },
    after: entry.after ?? [],
    retry: {
      tries: entry.retry?.tries ?? 4,
      firstWaitSeconds: entry.retry?.first_wait_seconds ?? 10,
      quotaWaitMinutes: entry.retry?.quota_wait_minutes ?? 60,
    },
  };
}

/** @throws ConfigError if a pipeline waits for one that is not there, or for itself by way of others */
function checkOrder(pipelines: ProjectFile["pipelines"], read: ProjectContent): void {
  const visit = (name: string, way: readonly string[]) => {
    for (const [index, before] of (pipelines[name]?.after ?? []).entries()) {
      const place = read.place(["pipelines", name, "after", String(index)]);
      if (pipelines[before] === undefined) {
        throw new ConfigError(`${place}: ${name} is to run after ${before}, which is not there`);
      }
      if (before === way[0]) {
        throw new ConfigError(`${place}: ${[...way, name, before].join(" after ")} is a circle`);
      }
      if (!way.includes(before)) visit(before, [...way, name]);
    }
  };
  for (const name of Object.keys(pipelines)) visit(name, []);
}

function describeMissing(
  { name, path }: { readonly name: string; readonly path: readonly string[] },
  { place }: ProjectContent,
): string {
  return `${place(path)}: the variable ${name} is not set`;
}

function findProjectFolder(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, fileName))) return folder;
    if (folder === dirname(folder)) {
      throw new ConfigError(`no ${fileName} in ${from} or a folder above it`);
    }
  }
}

/** `NAME=value` lines; quotes around a value are taken off, `#` starts a comment line. */
function readDotEnv(file: string): NodeJS.ProcessEnv {
  if (!existsSync(file)) return {};
  const pairs = readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, name, value] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value!.replace(/^(["'])(.*)\1$/, "$2")]];
    });
  return Object.fromEntries(pairs);
}
