/** What is wrong with a mapping, all of it. Pure. */
import { weighTypes } from "./convert-column.ts";
import type { Mapping } from "./mapping-file.ts";
import type { FieldEntry } from "./match-fields.ts";
import { mappedFields, type ObjectPlan, planObjects } from "./object-plan.ts";
import type { SourceField, SourceStream } from "./source-catalog.ts";
import { type CommonModel, type FieldTemplate, listNeeds, type Template } from "./template.ts";

export type ProblemKind = "missing" | "clash" | "stale" | "duplicate" | "unselected" | "unknown";

/** One thing a human has to put right. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Where in the mapping file. */
  readonly path: readonly string[];
  /** What cannot be without it: columns of the common data model. */
  readonly needed_by: readonly string[];
  readonly message: string;
}

/** Looks at every staging column, needed or not. */
export function checkMapping(
  template: Template,
  models: readonly CommonModel[],
  mapping: Mapping,
  source: readonly SourceStream[],
): Problem[] {
  const unknown = Object.keys(mapping.objects)
    .filter((object) => template.objects[object] === undefined)
    .map((object) =>
      problem("unknown", ["objects", object], [], "the template has no such object"),
    );
  const plans = planObjects(template, mapping, source);
  const found = plans.flatMap((plan) => [
    ...Object.entries(mappedFields(plan.template)).flatMap(([field, each]) => {
      // The pipeline's own mark tells deleted rows too.
      const needs = each.deletion === true ? [] : listNeeds(template, models, plan.object, field);
      return checkField(plan, field, each, needs);
    }),
    ...checkNames(plan),
    ...checkDuplicates(plan),
  ]);
  return [...unknown, ...found];
}

function checkField(
  plan: ObjectPlan,
  field: string,
  template: FieldTemplate,
  needs: readonly string[],
): Problem[] {
  const path = ["objects", plan.object, "fields", field];
  const inModels = needs.filter((need) => need.includes("."));
  if (plan.streams.length === 0) {
    const streams = plan.template.streams.join(", ");
    const message = `no field feeds it: the stream ${streams} is not read; select it in the catalog`;
    return inModels.length === 0 ? [] : [problem("missing", path, inModels, message)];
  }
  const entry = plan.mapping.fields[field] ?? { from: null, origin: "none", confidence: 0 };
  if (entry.from === null) {
    return needs.length === 0 ? [] : [problem("missing", path, needs, sayMissing(entry))];
  }
  const source = plan.fields.find(({ name }) => name === entry.from);
  if (source === undefined) return [problem("stale", path, needs, sayStale(entry))];
  return checkSource(source, path, template, needs);
}

function checkSource(
  { name, type, selected }: SourceField,
  path: readonly string[],
  template: FieldTemplate,
  needs: readonly string[],
): Problem[] {
  const wanted = template.type === "day" ? "date or timestamptz" : template.type;
  const clash = `${name} is ${type}, not ${wanted}; choose another field`;
  const unread = `${name} is not read, so the warehouse has no column for it; select it in the catalog`;
  return [
    ...(weighTypes(type, template.type) === 0 ? [problem("clash", path, needs, clash)] : []),
    ...(selected || needs.length === 0 ? [] : [problem("unselected", path, needs, unread)]),
  ];
}

function sayMissing({ candidates }: FieldEntry): string {
  return candidates === undefined
    ? "no field feeds it; choose one"
    : `no field feeds it; choose one of ${candidates.join(", ")}`;
}

function sayStale({ from, candidates }: FieldEntry): string {
  const gone = `the source has no field ${from} any more`;
  return candidates === undefined
    ? `${gone}; choose another`
    : `${gone}; its new name may be ${candidates.join(" or ")}`;
}

/** Staging columns that are none, and passed-through columns that cannot be. */
function checkNames({ object, template, mapping, streams, fields }: ObjectPlan): Problem[] {
  const path = ["objects", object];
  const known = mappedFields(template);
  const strangers = Object.keys(mapping.fields)
    .filter((field) => known[field] === undefined)
    .map((field) =>
      problem("unknown", [...path, "fields", field], [], "the staging model has no such column"),
    );
  const extra = Object.entries(mapping.extra).flatMap(([column, name]) => {
    const place = [...path, "extra", column];
    const isThere = streams.length === 0 || fields.some((field) => field.name === name);
    return [
      ...(template.fields[column] === undefined
        ? []
        : [problem("duplicate", place, [], "the staging model has a column of this name already")]),
      ...(isThere ? [] : [problem("stale", place, [], `the source has no field ${name}`)]),
    ];
  });
  return [...strangers, ...extra];
}

/** One field for two columns is seldom meant; the second one is named. */
function checkDuplicates({ object, template, mapping }: ObjectPlan): Problem[] {
  const first = new Map<string, string>();
  return Object.keys(mappedFields(template)).flatMap((field) => {
    const from = mapping.fields[field]?.from ?? null;
    if (from === null) return [];
    const other = first.get(from);
    if (other === undefined) {
      first.set(from, field);
      return [];
    }
    const message = `${from} feeds ${other} too; choose another`;
    return [problem("duplicate", ["objects", object, "fields", field], [], message)];
  });
}

function problem(
  kind: ProblemKind,
  path: readonly string[],
  needed_by: readonly string[],
  message: string,
): Problem {
  return { kind, path, needed_by, message };
}
