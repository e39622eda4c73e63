/** Sources and staging models as dbt's yml: descriptions, key tests, freshness. Pure. */
import { stringify } from "yaml";
import { generatedHeader } from "./generated-file.ts";
import type { Mapping } from "./mapping-file.ts";
import type { ObjectPlan } from "./object-plan.ts";
import { type FieldTemplate, keyOf, type Template } from "./template.ts";

const style = { lineWidth: 110, flowCollectionPadding: true } as const;

/** The raw tables of a pipeline. */
export function renderSources(
  { source, schema }: Mapping,
  { title, description }: Template,
  plans: readonly ObjectPlan[],
): string {
  const tables = new Map<string, object>();
  for (const { template, streams } of plans) {
    for (const { name } of streams) {
      // A table may feed two models; the first one describes it.
      if (tables.has(name)) continue;
      tables.set(name, {
        name,
        description: template.table_description,
        ...(template.watched !== true && { config: { freshness: null } }),
      });
    }
  }
  const content = {
    name: source,
    description: description.trim(),
    schema: `{{ var('${source}_schema', '${schema}') }}`,
    // Rows arrive only where something changed, so a quiet object is not a broken pipeline: only objects of
    // daily work are watched, and a long weekend must not warn.
    config: {
      loaded_at_field: "_sdc_extracted_at",
      freshness: { warn_after: { count: 4, period: "day" } },
    },
    tables: [...tables.values()],
  };
  const header = generatedHeader(
    "#",
    `The raw tables of the pipeline ${source} (${title}).`,
    source,
  );
  return `${header}\n${stringify({ sources: [content] }, style)}`;
}

/** The staging models; foreign keys are tested one layer up, on the common data model. */
export function renderStagingModels(
  { source }: Mapping,
  { title, id_description }: Template,
  plans: readonly ObjectPlan[],
): string {
  const models = plans.map(({ object, template }) => {
    const key = keyOf(template);
    return {
      name: `stg_${source}__${object}`,
      description: template.description,
      config: { schema: "staging" },
      ...(key.length > 1 && {
        data_tests: [{ unique_combination: { arguments: { columns: key } } }],
      }),
      columns: Object.entries(template.fields).flatMap(([name, field]) => {
        if (!key.includes(name)) return describeColumn(source, name, field);
        const data_tests = [...(key.length > 1 ? [] : ["unique"]), "not_null"];
        return [{ name, description: id_description, data_tests }];
      }),
    };
  });
  const snapshots = plans.flatMap((plan) => renderSnapshot(source, plan));
  const what = `Staging: one view for each object of ${title}, columns renamed and cast.`;
  const content = { models, ...(snapshots.length > 0 && { snapshots }) };
  return `${generatedHeader("#", what, source)}\n${stringify(content, style)}`;
}

/** The history of a raw table: a row for each version that dbt has seen, new columns as they come. */
function renderSnapshot(source: string, { object, template, streams }: ObjectPlan): object[] {
  const { snapshot, fields, table_description } = template;
  const [table] = streams;
  const [key] = keyOf(template).map((column) => fields[column]?.from[0]);
  if (snapshot === undefined || table === undefined || key === undefined) return [];
  const quote = (column: string) => `"${column.replaceAll('"', '""')}"`;
  return [
    {
      name: `snap_${source}__${object}`,
      description: `History. ${table_description}`,
      relation: `source('${source}', '${table.name}')`,
      config: {
        schema: "historical",
        unique_key: quote(key),
        strategy: "timestamp",
        updated_at: quote(snapshot),
      },
    },
  ];
}

function describeColumn(source: string, name: string, field: FieldTemplate): object[] {
  const { description, references } = field;
  if (description === undefined) return [];
  if (references === undefined) return [{ name, description }];
  const relationships = {
    arguments: { to: `ref('stg_${source}__${references.object}')`, field: references.field },
    config: { severity: "warn" },
  };
  return [{ name, description, data_tests: [{ relationships }] }];
}
