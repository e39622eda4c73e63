/** Schemas of older drafts and other dialects -> what the validator takes. Pure. */
import { createRequire } from "node:module";
import { type JsonSchema, type JsonValue, roundNumbers } from "@bizops/singer";

const traverse = createRequire(import.meta.url)("json-schema-traverse") as (
  schema: object,
  visit: (subschema: { [keyword: string]: unknown }) => void,
) => void;

/**
 * Singer's taps grew up with draft 4: `exclusiveMinimum: true` beside `minimum`, and `id` for `$id`. A pattern in
 * another language's dialect cannot be checked and is left out.
 */
export function normaliseSchema(schema: JsonSchema): JsonSchema {
  // Bounds of bigint columns have more digits than a double; rows are checked rounded too.
  const rounded = roundNumbers(schema as JsonValue);
  const copy = structuredClone(rounded) as { [keyword: string]: unknown };
  delete copy.$schema;
  traverse(copy, (subschema) => {
    delete subschema.id;
    delete subschema.$id;
    for (const bound of ["Minimum", "Maximum"]) {
      const exclusive = `exclusive${bound}`;
      const inclusive = bound.toLowerCase();
      if (typeof subschema[exclusive] !== "boolean") continue;
      if (subschema[exclusive]) {
        subschema[exclusive] = subschema[inclusive];
        delete subschema[inclusive];
      } else delete subschema[exclusive];
    }
    // Formats are not judged here, so branches that differ by them would all match, where one may.
    if (Array.isArray(subschema.oneOf) && subschema.oneOf.some((branch) => branch?.format)) {
      subschema.anyOf ??= subschema.oneOf;
      delete subschema.oneOf;
    }
    if (typeof subschema.pattern === "string" && !isPattern(subschema.pattern)) {
      delete subschema.pattern;
    }
  });
  return copy as JsonSchema;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false; // not a pattern of ours, which is the answer
  }
}
