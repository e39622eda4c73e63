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
export function check(
  project: Project,
  sources: readonly string[],
  catalogFile?: string,
): LocatedProblem[] {
  const { models } = readCommonDataModel();
  const mapped = listMappedSources(requireDbtProject(project));
  const chosen = sources.length === 0 ? mapped : sources;
  if (catalogFile !== undefined && chosen.length !== 1) {
    throw new ConfigError("--catalog is the catalog of one source; name the source");
  }
  return chosen.flatMap((source) => {
    if (!mapped.includes(source)) {
      throw new ConfigError(`${source} has no mapping; run: bizops mapping generate ${source}`);
    }
    const { file, path, streams, template } = openSource(project, source, catalogFile);
    return checkMapping(template, models, file!.mapping, streams).map((problem) => ({
      source,
      file: path,
      line: file!.yaml.lineOf(problem.path),
      ...problem,
    }));
  });
}
