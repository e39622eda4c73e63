/** `bizops.yml`: found, read, checked, variables filled in. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError, type JsonObject, type JsonValue } from "@bizops/singer";
import { readYaml } from "./read-yaml.ts";

/** One tap, one target. */
export interface Pipeline {
  readonly name: string;
  readonly tap: string;
  readonly tapConfig: JsonObject;
  /** A catalog file with the selection. */
  readonly catalog?: string;
  readonly target: string;
  readonly targetConfig: JsonObject;
}

/** A project: a folder with a `bizops.yml`. */
export interface Project {
  readonly folder: string;
  readonly pipelines: readonly Pipeline[];
  /** The dbt project, where it is not that of `@bizops/dbt`. */
  readonly dbtProject?: string;
  /** The environment of every program we start: ours, with `.env` filling gaps. */
  readonly environment: NodeJS.ProcessEnv;
}

const fileName = "bizops.yml";

/**
 * Reads the project in a folder or the nearest one above it.
 * @throws ConfigError naming the line of `bizops.yml` that is wrong, or the variable that is not set
 */
export function readProject(from: string, environment: NodeJS.ProcessEnv): Project {
  const folder = findProjectFolder(from);
  const file = join(folder, fileName);
  const all = { ...readDotEnv(join(folder, ".env")), ...environment };
  const read = readYaml(file, "project");
  const content = fillVariables(read.content, all, file) as unknown as ProjectFile;
  const pipelines = Object.entries(content.pipelines).map(([name, pipeline]) =>
    toPipeline(name, pipeline, folder),
  );
  const dbtProject = content.transform?.project;
  return {
    folder,
    pipelines,
    ...(dbtProject !== undefined && { dbtProject: resolve(folder, dbtProject) }),
    environment: all,
  };
}

/** The pipelines of these names, in the project's order; all of them if none is named. @throws ConfigError */
export function choosePipelines(project: Project, names: readonly string[]): readonly Pipeline[] {
  const known = project.pipelines.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(`no pipeline ${unknown.join(", ")}; ${fileName} has ${known.join(", ")}`);
  }
  return names.length === 0
    ? project.pipelines
    : project.pipelines.filter(({ name }) => names.includes(name));
}

/** What the programs of a pipeline run in: a tap whose token rotates keeps it in the project. */
export function environmentOf(
  { folder, environment }: Project,
  pipeline: string,
): NodeJS.ProcessEnv {
  const tokenFile = join(folder, ".bizops", "secrets", `${pipeline}.json`);
  return { BIZOPS_TOKEN_FILE: tokenFile, ...environment };
}

interface ProjectFile {
  readonly pipelines: { readonly [name: string]: PipelineEntry };
  readonly transform?: { readonly project?: string };
}

interface PipelineEntry {
  readonly tap: string;
  readonly target: string | { readonly name: string; readonly config?: JsonObject };
  readonly config?: JsonObject;
  readonly catalog?: string;
  readonly privacy?: JsonObject;
  readonly schema?: string;
}

function toPipeline(name: string, entry: PipelineEntry, folder: string): Pipeline {
  const target = typeof entry.target === "string" ? { name: entry.target } : entry.target;
  return {
    name,
    tap: entry.tap,
    tapConfig: { ...entry.config, ...(entry.privacy && { privacy: entry.privacy }) },
    ...(entry.catalog !== undefined && { catalog: resolve(folder, entry.catalog) }),
    target: target.name,
    targetConfig: { default_target_schema: entry.schema ?? name, ...target.config },
  };
}

function findProjectFolder(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, fileName))) return folder;
    if (folder === dirname(folder)) {
      throw new ConfigError(`no ${fileName} in ${from} or a folder above it`);
    }
  }
}

function fillVariables(value: JsonValue, environment: NodeJS.ProcessEnv, file: string): JsonValue {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = environment[name];
      if (found === undefined) throw new ConfigError(`${file}: the variable ${name} is not set`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fillVariables(item, environment, file));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      fillVariables(inner as JsonValue, environment, file),
    ]),
  );
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
