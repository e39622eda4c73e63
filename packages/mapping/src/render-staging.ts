/** A staging model as SQL: one view, columns renamed and cast, nothing joined or filtered. Pure. */
import { coalesceColumns, convertColumn, emptyType, type RawColumn } from "./convert-column.ts";
import { generatedHeader } from "./generated-file.ts";
import type { ObjectPlan } from "./object-plan.ts";
import type { SourceStream } from "./source-catalog.ts";
import type { ColumnType, FieldTemplate } from "./template.ts";

/** @param isNeeded whether something cannot be without a staging column */
export function renderStaging(
  source: string,
  title: string,
  plan: ObjectPlan,
  isNeeded: (field: string) => boolean,
): string {
  const what = `${title} ${plan.object.replaceAll("_", " ")}, renamed and cast.`;
  const header = generatedHeader("--", what, source);
  if (plan.streams.length === 0) return `${header}\n${renderEmpty(plan)}\n`;
  const variables = plan.streams.map(
    ({ name }) => `{% set ${variableOf(name)} = source('${source}', '${name}') %}`,
  );
  const selects = plan.streams.map((stream) => renderSelect(plan, stream, isNeeded));
  return `${header}\n${variables.join("\n")}\n\n${selects.join("\n\nunion all\n\n")}\n`;
}

function renderSelect(
  plan: ObjectPlan,
  stream: SourceStream,
  isNeeded: (field: string) => boolean,
): string {
  const table = variableOf(stream.name);
  const own = Object.entries(plan.template.fields).map(
    ([field, template]) =>
      `${renderColumn(plan, table, field, template, isNeeded(field))} as ${field}`,
  );
  const extra = Object.entries(plan.mapping.extra).map(([column, name]) => {
    const type = plan.fields.find((field) => field.name === name)?.type ?? "text";
    return `${convertColumn({ name, type, optionalIn: table }, type)} as ${column}`;
  });
  return `select\n    ${[...own, ...extra].join(",\n    ")}\nfrom {{ ${table} }}`;
}

function renderColumn(
  plan: ObjectPlan,
  table: string,
  field: string,
  { type, deletion }: FieldTemplate,
  isNeeded: boolean,
): string {
  const { from = null, previous_names = [] } = plan.mapping.fields[field] ?? {};
  if (deletion === true) {
    const column = from === null ? "" : `, '${from}'`;
    return `{{ is_deleted(${table}${column}) }}`;
  }
  if (from === null) return renderNull(type);
  const source = plan.fields.find(({ name }) => name === from);
  // A column that must be there fails loudly where it is not, unless the privacy policy may have dropped it.
  const isCertain = isNeeded && source?.personal === false && plan.streams.length === 1;
  const isRenamed = previous_names.length > 0;
  const column: RawColumn = {
    name: from,
    type: source?.type ?? null,
    ...((!isCertain || isRenamed) && { optionalIn: table }),
  };
  if (!isRenamed) return convertColumn(column, type);
  const former = previous_names.map((name) => ({ name, type: null, optionalIn: table }));
  return coalesceColumns([column, ...former], type);
}

/** The source does not have the object: the models above still build. */
function renderEmpty({ template, mapping }: ObjectPlan): string {
  const own = Object.entries(template.fields).map(
    ([field, { type }]) => `${renderNull(type)} as ${field}`,
  );
  const extra = Object.keys(mapping.extra).map((column) => `${renderNull("text")} as ${column}`);
  return `select\n    ${[...own, ...extra].join(",\n    ")}\nwhere false`;
}

function renderNull(type: ColumnType): string {
  return `cast(null as ${emptyType(type)})`;
}

/** `OpportunityContactRole` -> `opportunity_contact_role`. */
function variableOf(stream: string): string {
  return stream
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/\W/g, "_")
    .toLowerCase();
}
