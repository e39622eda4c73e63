/** A cell of CSV -> the value its column's schema asks for. Pure. */
import { type JsonSchema, type JsonValue, parseJson } from "@bizops/singer";

/** Makes the value of a cell that is not null. */
export type CellConverter = (cell: string) => JsonValue;

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  // As PostgreSQL's COPY writes them.
  ["t", true],
  ["f", false],
]);
const anyKind: ReadonlySet<string> = new Set(["string", "object", "array"]);

/**
 * Numbers keep their digits. What the schema does not allow stays a string, for the validation to find. Where
 * a string is allowed beside numbers or booleans the cell is the string: CSV cannot tell, and nothing is lost.
 * @param schema of the property; undefined: it is not declared
 */
export function cellConverter(schema: JsonSchema | undefined): CellConverter {
  const kinds = schema === undefined ? new Set(["string"]) : kindsOf(schema);
  const isText = kinds.has("string");
  const isNumber = !isText && (kinds.has("number") || kinds.has("integer"));
  const isBoolean = !isText && kinds.has("boolean");
  return (cell) => {
    if (isNumber && number.test(cell)) return parseJson(cell);
    if (isBoolean) return booleans.get(cell.toLowerCase()) ?? cell;
    if (kinds.has("object") && /^\s*\{/.test(cell)) return parseOrKeep(cell);
    if (kinds.has("array") && /^\s*\[/.test(cell)) return parseOrKeep(cell);
    return cell;
  };
}

function parseOrKeep(cell: string): JsonValue {
  try {
    return parseJson(cell);
  } catch {
    return cell; // not JSON, which is the answer
  }
}

function kindsOf(schema: JsonSchema | boolean): ReadonlySet<string> {
  if (typeof schema === "boolean") return anyKind;
  const { type, anyOf, oneOf, allOf } = schema;
  if (type !== undefined) return new Set([type].flat());
  const branches = anyOf ?? oneOf;
  if (branches !== undefined) return new Set(branches.flatMap((branch) => [...kindsOf(branch)]));
  return allOf?.map(kindsOf).find((kinds) => kinds !== anyKind) ?? anyKind;
}
