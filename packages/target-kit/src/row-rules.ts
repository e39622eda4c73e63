/** A stream's JSON Schema cut into what each property must keep to, for readers that see one property at a time. */
import { isLosslessNumber, type JsonSchema, type JsonValue } from "@bizops/singer";
import type { Validator } from "./validate-row.ts";

/** The kinds of JSON values; an integer is also a number. */
type JsonKind = "null" | "boolean" | "integer" | "number" | "string" | "object" | "array";

/** What one property must keep to. */
export interface PropertyRules {
  /** The kinds it may have, if its schema says nothing else but these bounds; undefined: ask `check`. */
  readonly kinds: ReadonlySet<JsonKind> | undefined;
  /** Characters, for strings. */
  readonly maxLength?: number;
  /** For numbers. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Whether the whole of its schema lets the value pass. */
  check(value: JsonValue): boolean;
}

/** What a row must keep to: each property on its own, and which must be there. */
export interface RowRules {
  readonly required: ReadonlySet<string>;
  /** Whether properties that are not declared are refused. */
  readonly closed: boolean;
  readonly properties: ReadonlyMap<string, PropertyRules>;
}

const annotations =
  /^(?:\$schema|\$comment|\$?id|title|description|default|examples|format|x-.*|readOnly|writeOnly|multipleOf|inclusion|selected|sqlDatatype|\$defs|definitions)$/;
const ofRow = new Set(["type", "properties", "required", "additionalProperties", "key_properties"]);
const everyKind: ReadonlySet<JsonKind> = new Set([
  "null",
  "boolean",
  "integer",
  "number",
  "string",
  "object",
  "array",
]);

/**
 * The rules of a stream's rows, or undefined where its schema says something of the row as a whole that cannot
 * be told property by property.
 * @param validator of the schema; undefined: anything passes, as far as the schema goes
 */
export function rowRules(
  schema: JsonSchema,
  validator: Validator | undefined,
): RowRules | undefined {
  const declared = Object.entries(schema.properties ?? {});
  if (validator === undefined) {
    const anything: PropertyRules = { kinds: everyKind, check: () => true };
    const properties = new Map(declared.map(([name]) => [name, anything] as const));
    return { required: new Set(), closed: false, properties };
  }
  const plain = Object.keys(schema).every((name) => ofRow.has(name) || annotations.test(name));
  const { additionalProperties: additional = true, type = "object" } = schema;
  if (!plain || ![type].flat().includes("object") || typeof additional !== "boolean") {
    return undefined;
  }
  return {
    required: new Set(schema.required),
    closed: !additional,
    properties: new Map(
      declared.map(([name, property]) => [
        name,
        propertyRules(property, () => validator.property(name)),
      ]),
    ),
  };
}

/** @param compileCheck called only where kinds do not say it all */
function propertyRules(
  schema: JsonSchema | boolean,
  compileCheck: () => PropertyRules["check"],
): PropertyRules {
  const bounds = kindsAndBounds(schema);
  if (bounds !== undefined && Object.keys(bounds).length === 1) {
    return { ...bounds, check: (value) => takes(bounds.kinds, value) };
  }
  return { kinds: undefined, ...bounds, check: compileCheck() };
}

type Bounds = Omit<PropertyRules, "check"> & { readonly kinds: ReadonlySet<JsonKind> };

/** Undefined if the schema says more than kinds and simple bounds. */
function kindsAndBounds(schema: JsonSchema | boolean): Bounds | undefined {
  if (typeof schema === "boolean") return undefined;
  const { type, anyOf, maxLength, minimum, maximum, ...rest } = schema;
  if (!Object.keys(rest).every((name) => annotations.test(name))) return undefined;
  if (anyOf !== undefined) {
    const branches = anyOf.map(kindsAndBounds);
    const alone = type === undefined && maxLength === undefined && minimum === undefined;
    if (!alone || maximum !== undefined) return undefined;
    const kinds = new Set<JsonKind>();
    for (const branch of branches) {
      if (branch === undefined || Object.keys(branch).length > 1) return undefined;
      for (const kind of branch.kinds) kinds.add(kind);
    }
    return { kinds };
  }
  const bound = (value: unknown) =>
    isLosslessNumber(value) ? Number(value.toString()) : (value as number | undefined);
  const bounds = { maxLength: bound(maxLength), minimum: bound(minimum), maximum: bound(maximum) };
  const given = Object.entries(bounds).filter(([, value]) => value !== undefined);
  if (given.some(([, value]) => typeof value !== "number")) return undefined;
  const kinds = type === undefined ? everyKind : new Set([type].flat() as JsonKind[]);
  return { kinds, ...Object.fromEntries(given) };
}

function takes(kinds: ReadonlySet<JsonKind>, value: JsonValue): boolean {
  if (value === null) return kinds.has("null");
  if (Array.isArray(value)) return kinds.has("array");
  if (typeof value === "number" || isLosslessNumber(value)) {
    return (
      kinds.has("number") || (kinds.has("integer") && Number.isInteger(Number(value.toString())))
    );
  }
  return kinds.has(typeof value as JsonKind);
}
