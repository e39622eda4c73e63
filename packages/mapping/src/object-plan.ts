/** What the generator and the check both need of one staging model: template, mapping and source side by side. */
import type { Mapping, ObjectMapping } from "./mapping-file.ts";
import { matchFields } from "./match-fields.ts";
import {
  chooseStreams,
  joinFields,
  type SourceField,
  type SourceStream,
} from "./source-catalog.ts";
import type { ObjectTemplate, Template } from "./template.ts";

export interface ObjectPlan {
  readonly object: string;
  readonly template: ObjectTemplate;
  readonly mapping: ObjectMapping;
  /** The streams that are read; none: the source has no such table in the warehouse. */
  readonly streams: readonly SourceStream[];
  readonly fields: readonly SourceField[];
}

/** The fields people map: all but those no source field can feed. */
export function mappedFields({ fields }: ObjectTemplate): ObjectTemplate["fields"] {
  return Object.fromEntries(Object.entries(fields).filter(([, { from }]) => from.length > 0));
}

/** Each staging model with what the mapping says of it now; nothing is matched. */
export function planObjects(
  template: Template,
  mapping: Mapping,
  source: readonly SourceStream[],
): ObjectPlan[] {
  return Object.entries(template.objects).map(([object, each]) => {
    const streams = chooseStreams(source, each.streams).filter(({ selected }) => selected);
    return {
      object,
      template: each,
      mapping: mapping.objects[object] ?? { fields: {}, extra: {} },
      streams,
      fields: joinFields(streams),
    };
  });
}

/** A mapping with every open column matched. */
export function completeMapping(
  template: Template,
  mapping: Mapping,
  source: readonly SourceStream[],
): Mapping {
  const objects = planObjects(template, mapping, source).map((plan) => {
    const { extra, fields: previous } = plan.mapping;
    const fields = matchFields(mappedFields(plan.template), plan.fields, previous);
    return [plan.object, { extra, fields }];
  });
  return { ...mapping, objects: Object.fromEntries(objects) };
}
