/** `bizops mapping generate`: the mapping file and the models made of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Project } from "@bizops/orchestrator";
import { asWriteError } from "@bizops/singer";
import { checkMapping, type Problem } from "./check-mapping.ts";
import { isGenerated } from "./generated-file.ts";
import { listMappedSources, type Mapping, readMapping, renderMapping } from "./mapping-file.ts";
import type { FieldEntry } from "./match-fields.ts";
import { completeMapping } from "./object-plan.ts";
import { openSource, requireDbtProject } from "./open-source.ts";
import { commonFolder, planCommon, planStaging, stagingFolder } from "./plan-files.ts";
import { readCommonDataModel, readTemplate } from "./template.ts";

/** A choice of ours that a human should look at. */
export interface Proposal extends FieldEntry {
  readonly object: string;
  readonly field: string;
}

/** What a generation did. */
export interface Generation {
  readonly source: string;
  /** Files written or removed, below the dbt project. */
  readonly changed: readonly string[];
  readonly proposals: readonly Proposal[];
  readonly problems: readonly Problem[];
}

/** Brings the mapping of a source up to date and writes its staging models and the common data model. */
export async function generate(
  project: Project,
  source: string,
  catalogFile?: string,
): Promise<Generation> {
  const dbtProject = requireDbtProject(project);
  const opened = await openSource(project, source, catalogFile);
  const { connector, schema, file, template, streams } = opened;
  const before: Mapping = { source, connector, schema, objects: file?.mapping.objects ?? {} };
  const mapping = completeMapping(template, before, streams);
  const common = readCommonDataModel();
  const sources = [...new Set([...listMappedSources(dbtProject), source])].sort().map((each) => ({
    source: each,
    template:
      each === source ? template : readTemplate(readMapping(dbtProject, each)!.mapping.connector),
  }));
  const files = new Map([
    [relative(dbtProject, opened.path), renderMapping(mapping, file)],
    ...planStaging(mapping, template, common, streams),
    ...planCommon(common, sources),
  ]);
  const written = [...files].filter(([path, text]) => replaceFile(join(dbtProject, path), text));
  const removed = [stagingFolder(source), commonFolder].flatMap((folder) =>
    removeOthers(dbtProject, folder, files),
  );
  return {
    source,
    changed: [...written.map(([path]) => path), ...removed],
    proposals: listProposals(mapping, file?.mapping),
    problems: checkMapping(template, common.models, mapping, streams),
  };
}

/** New entries that are not sure. */
function listProposals(mapping: Mapping, before: Mapping | undefined): Proposal[] {
  return Object.entries(mapping.objects).flatMap(([object, { fields }]) =>
    Object.entries(fields).flatMap(([field, entry]) => {
      const known = before?.objects[object]?.fields[field];
      const isSure = entry.from === null || entry.origin === "exact" || entry.origin === "human";
      const isNew = JSON.stringify(known) !== JSON.stringify(entry);
      return isSure || !isNew ? [] : [{ object, field, ...entry }];
    }),
  );
}

/** @returns whether the file has changed */
function replaceFile(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw asWriteError(cause, path);
  }
  return true;
}

/** Removes files of ours that are no longer generated; files of others stay. */
function removeOthers(
  dbtProject: string,
  folder: string,
  files: ReadonlyMap<string, string>,
): string[] {
  return readdirSync(join(dbtProject, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !files.has(path) && isGenerated(readFileSync(join(dbtProject, path), "utf8")))
    .map((path) => {
      rmSync(join(dbtProject, path));
      return path;
    });
}
