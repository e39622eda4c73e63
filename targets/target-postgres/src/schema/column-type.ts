/** JSON Schema -> column type, and the least type that holds two: a join-semilattice. */
import type { JsonSchema } from "@bizops/singer";

/** The types this target makes columns of. */
export const columnTypes = [
  "boolean",
  "bigint",
  "numeric",
  "date",
  "timestamptz",
  "time",
  "text",
  "jsonb",
] as const;

export type ColumnType = (typeof columnTypes)[number];

/** The next wider type of each; following it from any two types meets at their join. */
const wider: { readonly [T in ColumnType]?: ColumnType } = {
  boolean: "text",
  bigint: "numeric",
  numeric: "text",
  date: "timestamptz",
  timestamptz: "text",
  time: "text",
  text: "jsonb",
};

function chain(type: ColumnType): ColumnType[] {
  const next = wider[type];
  return next === undefined ? [type] : [type, ...chain(next)];
}

/** The narrowest type that holds both; commutative, associative and idempotent. */
export function joinTypes(a: ColumnType, b: ColumnType): ColumnType {
  const above = chain(b);
  return chain(a).find((type) => above.includes(type)) ?? "jsonb";
}

/** Whether PostgreSQL has a column type of ours under this name, as `format_type` spells it. */
export function parseColumnType(postgresName: string): ColumnType | undefined {
  const names: { readonly [name: string]: ColumnType } = {
    boolean: "boolean",
    bigint: "bigint",
    numeric: "numeric",
    date: "date",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    text: "text",
    jsonb: "jsonb",
  };
  return names[postgresName];
}

/**
 * The type of a property. Null does not count; several branches give their join, except that a date-time
 * beside a string is a date-time until a value says otherwise.
 * @param root the schema that references within it are resolved in
 */
export function columnType(reference: JsonSchema | boolean, root: JsonSchema = {}): ColumnType {
  const schema = withAllOf(resolveReference(reference, root), root);
  if (typeof schema === "boolean") return "jsonb";
  const branches = branchesOf(schema, root);
  if (branches.length > 0) {
    const types = branches.map((branch) => columnType(branch, root));
    if (types.includes("timestamptz") && types.every((t) => t === "timestamptz" || t === "text")) {
      return "timestamptz";
    }
    return types.reduce(joinTypes);
  }
  const names = [schema.type ?? impliedType(schema) ?? []].flat().filter((name) => name !== "null");
  if (names.length === 0) return "jsonb";
  return names.map((name) => namedType(name, schema.format)).reduce(joinTypes);
}

/** Whether a property is a date-time beside a string: tap-salesforce's way to say that some values may not parse. */
export function isDateTimeOrText(reference: JsonSchema, root: JsonSchema): boolean {
  const schema = withAllOf(resolveReference(reference, root), root);
  const types = branchesOf(schema, root).map((branch) => columnType(branch, root));
  return types.includes("timestamptz") && types.includes("text");
}

/** The branches of `anyOf` or `oneOf` that are not null; what stands beside them holds for each. */
function branchesOf(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const { type, format } = schema;
  const beside = { ...(type !== undefined && { type }), ...(format !== undefined && { format }) };
  return (schema.anyOf ?? schema.oneOf ?? [])
    .map((branch) => resolveReference(branch, root))
    .filter((branch) => !isNull(branch))
    .map((branch) => (typeof branch === "boolean" ? beside : { ...beside, ...branch }));
}

/** The schema with the parts of its `allOf`, which all hold, taken in. */
function withAllOf<T extends JsonSchema | boolean>(schema: T, root: JsonSchema): T {
  if (typeof schema === "boolean" || schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((part) => withAllOf(resolveReference(part, root), root));
  const { allOf: _, ...own } = schema as JsonSchema;
  return Object.assign({}, ...parts, own);
}

const longestChain = 32;

/** What a local `$ref` points to, through several if need be; `{}` if it points nowhere or in a circle. */
function resolveReference<T extends JsonSchema | boolean>(schema: T, root: JsonSchema): T {
  let found: unknown = schema;
  for (let step = 0; step < longestChain; step += 1) {
    const { $ref } = (found ?? {}) as { $ref?: unknown };
    if (typeof $ref !== "string") return (found ?? {}) as T;
    const path = $ref.replace(/^#\/?/, "").split("/").filter(Boolean);
    const names = path.map((name) =>
      decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~"),
    );
    found = names.reduce<unknown>(
      (inside, name) => (inside as { [name: string]: unknown } | undefined)?.[name],
      root,
    );
  }
  return {} as T;
}

function namedType(name: string, format: string | undefined): ColumnType {
  switch (name) {
    case "integer":
      return "bigint";
    case "number":
      return "numeric";
    case "boolean":
      return "boolean";
    case "string":
      if (format === "date-time") return "timestamptz";
      if (format === "date" || format === "time") return format;
      return "text";
    default:
      return "jsonb";
  }
}

/** The type an untyped enum or const implies by its values. */
function impliedType(schema: JsonSchema): string[] | undefined {
  const values = "const" in schema ? [schema.const] : (schema.enum as unknown[] | undefined);
  if (values === undefined) return undefined;
  return values.map((value) => {
    if (value === null) return "null";
    if (typeof value === "object") return "object";
    return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
  });
}

function isNull(schema: JsonSchema | boolean): boolean {
  if (typeof schema === "boolean") return false;
  const { type } = schema;
  return type === "null" || (Array.isArray(type) && type.length === 1 && type[0] === "null");
}
