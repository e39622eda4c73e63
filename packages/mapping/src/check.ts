/** `bizops mapping check`: every problem of every mapping, with its line. */
import type { Project } from "@bizops/orchestrator";
import { ConfigError } from "@bizops/singer";
import { checkMapping, type Problem } from "./check-mapping.ts";
import { listMappedSources } from "./mapping-file.ts";
import { openSource, requireDbtProject } from "./open-source.ts";
import { readCommonDataModel } from "./template.ts";

/** A problem and where it is. */
export interface LocatedProblem extends Problem {
  readonly source: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Checks the mappings of a project, all of them unless some are named.
 * @param catalogFile a discovered catalog; only with one source
 * @throws ConfigError if a source has no mapping
 */
export async function check(
  project: Project,
  sources: readonly string[],
  catalogFile?: string,
): Promise<LocatedProblem[]> {
  const { models } = readCommonDataModel();
  const mapped = listMappedSources(requireDbtProject(project));
  const chosen = sources.length === 0 ? mapped : sources;
  if (catalogFile !== undefined && chosen.length !== 1) {
    throw new ConfigError("--catalog is the catalog of one source; name the source");
  }
  const unmapped = chosen.find((source) => !mapped.includes(source));
  if (unmapped !== undefined) {
    throw new ConfigError(`${unmapped} has no mapping; run: bizops mapping generate ${unmapped}`);
  }
  const opened = await Promise.all(
    chosen.map((source) => openSource(project, source, catalogFile)),
  );
  return opened.flatMap(({ source, file, path, streams, template }) =>
    checkMapping(template, models, file!.mapping, streams).map((problem) => ({
      source,
      file: path,
      line: file!.yaml.lineOf(problem.path),
      ...problem,
    })),
  );
}
