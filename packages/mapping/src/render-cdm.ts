/** Models of the common data model as SQL: every source's select, one below the other. Pure. */
import { generatedHeader } from "./generated-file.ts";
import type { CommonDataModel, CommonModel, Feed, Template } from "./template.ts";

/** A source and the template of its connector. */
export interface TemplatedSource {
  readonly source: string;
  readonly template: Template;
}

/** A model fed by the sources that have a select for it; a typed, empty one if none has. */
export function renderCommonModel(model: CommonModel, sources: readonly TemplatedSource[]): string {
  const selects = sources.flatMap(({ source, template }) =>
    (template.cdm[model.name] ?? []).map((feed) => renderFeed(model, source, feed)),
  );
  const body = selects.length === 0 ? renderEmpty(model) : selects.join("\n\nunion all\n\n");
  return `${generatedHeader("--", model.title)}\n${body}\n`;
}

/** Descriptions, contracts and tests of all of them. */
export function renderCommonModels({ yml }: CommonDataModel): string {
  const what = "The common data model: what reports are computed from.";
  return `${generatedHeader("#", what)}\n${yml}`;
}

function renderFeed(model: CommonModel, source: string, feed: Feed): string {
  const columns = model.columns.map(({ name, data_type }) => {
    const given = name === "source" ? `'${source}'` : feed.columns[name];
    const expression = given ?? `cast(null as ${data_type})`;
    return expression === name ? name : `${indent(fillNames(expression, source))} as ${name}`;
  });
  return [
    `select\n    ${columns.join(",\n    ")}`,
    `from ${fillNames(feed.from, source)}`,
    ...(feed.where === undefined ? [] : [`where ${indent(fillNames(feed.where, source))}`]),
    ...(feed.group_by === undefined ? [] : [`group by ${feed.group_by}`]),
  ].join("\n");
}

function renderEmpty({ columns }: CommonModel): string {
  const nulls = columns.map(({ name, data_type }) => `cast(null as ${data_type}) as ${name}`);
  return `select\n    ${nulls.join(",\n    ")}\n-- No source of this project feeds it.\nwhere false`;
}

/** `$accounts` -> the source's staging model. */
function fillNames(sql: string, source: string): string {
  return sql.replace(/\$(\w+)/g, (_, object: string) => `{{ ref('stg_${source}__${object}') }}`);
}

function indent(sql: string): string {
  return sql.replaceAll("\n", "\n    ");
}
