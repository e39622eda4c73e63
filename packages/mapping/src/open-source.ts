/** A source of a project with everything the commands need of it: mapping, template, streams. */
import { readFileSync } from "node:fs";
import { choosePipelines, discover, type Pipeline, type Project } from "@bizops/orchestrator";
import { type Catalog, ConfigError, type JsonValue, parseCatalog } from "@bizops/singer";
import { type MappingFile, mappingPath, readMapping } from "./mapping-file.ts";
import { readStreams, type SourceStream } from "./source-catalog.ts";
import { readTemplate, type Template } from "./template.ts";

export interface OpenSource {
  readonly source: string;
  readonly connector: string;
  /** Raw schema in the warehouse. */
  readonly schema: string;
  /** The mapping file's path, for messages. */
  readonly path: string;
  /** Undefined before the first generation. */
  readonly file: MappingFile | undefined;
  readonly template: Template;
  readonly streams: readonly SourceStream[];
}

/** The dbt project that mappings and models are written to. @throws ConfigError if the project names none */
export function requireDbtProject({ dbtProject, folder }: Project): string {
  if (dbtProject !== undefined) return dbtProject;
  throw new ConfigError(
    `${folder}/bizops.yml names no dbt project to write to; set transform.project to its folder`,
  );
}

/**
 * @param catalogFile a discovered catalog; else the pipeline's own, else the source is asked
 * @throws SingerError if the source is not in the project, has no template or does not answer
 */
export async function openSource(
  project: Project,
  source: string,
  catalogFile?: string,
): Promise<OpenSource> {
  const dbtProject = requireDbtProject(project);
  const [pipeline] = choosePipelines(project, [source]);
  const file = readMapping(dbtProject, source);
  const connector = file?.mapping.connector ?? pipeline!.tap.replace(/^tap-/, "");
  const template = readTemplate(connector);
  const catalog = await readCatalog(project, pipeline!, catalogFile);
  return {
    ...{ source, connector, file, template },
    schema: String(pipeline!.targetConfig.default_target_schema),
    path: mappingPath(dbtProject, source),
    streams: readStreams(catalog),
  };
}

async function readCatalog(
  project: Project,
  pipeline: Pipeline,
  given: string | undefined,
): Promise<Catalog> {
  const path = given ?? pipeline.catalog;
  if (path === undefined) return discover(project, pipeline);
  let content: JsonValue;
  try {
    content = JSON.parse(readFileSync(path, "utf8")) as JsonValue;
  } catch (cause) {
    throw new ConfigError(`${path} is not a catalog that can be read`, { cause });
  }
  return parseCatalog(content);
}
