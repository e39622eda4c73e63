/** Every file a dbt project gets from its mappings, as data: path below the project -> text. Pure. */
import type { Mapping } from "./mapping-file.ts";
import { planObjects } from "./object-plan.ts";
import { renderCommonModel, renderCommonModels, type TemplatedSource } from "./render-cdm.ts";
import { renderStaging } from "./render-staging.ts";
import { renderSources, renderStagingModels } from "./render-staging-yml.ts";
import type { SourceStream } from "./source-catalog.ts";
import { type CommonDataModel, listNeeds, type Template } from "./template.ts";

export type Files = ReadonlyMap<string, string>;

/** The folder of the generated staging models of a source. */
export function stagingFolder(source: string): string {
  return `models/generated/staging/${source}`;
}

/** The folder of the generated common data model. */
export const commonFolder = "models/generated/cdm";

/** The staging models of a source. */
export function planStaging(
  mapping: Mapping,
  template: Template,
  { models }: CommonDataModel,
  streams: readonly SourceStream[],
): Files {
  const { source } = mapping;
  const folder = stagingFolder(source);
  const plans = planObjects(template, mapping, streams);
  return new Map([
    [`${folder}/_${source}__sources.yml`, renderSources(mapping, template, plans)],
    [`${folder}/_${source}__models.yml`, renderStagingModels(mapping, template, plans)],
    ...plans.map((plan): [string, string] => [
      `${folder}/stg_${source}__${plan.object}.sql`,
      renderStaging(
        source,
        template.title,
        plan,
        (field) => listNeeds(template, models, plan.object, field).length > 0,
      ),
    ]),
  ]);
}

/** The common data model over all sources of a project. */
export function planCommon(common: CommonDataModel, sources: readonly TemplatedSource[]): Files {
  return new Map([
    [`${commonFolder}/_cdm__models.yml`, renderCommonModels(common)],
    ...common.models.map((model): [string, string] => [
      `${commonFolder}/${model.name}.sql`,
      renderCommonModel(model, sources),
    ]),
  ]);
}
