/** What the quick way must know of each property, worked out before the first row. Pure. */
import { BytePattern } from "@bizops/singer";
import type { PropertyRules, RowRules } from "@bizops/target-kit";
import type { ColumnType } from "../schema/column-type.ts";
import type { PlannedColumn } from "./row-plan.ts";

/** A property, at its place among the fields. */
export interface Slot {
  readonly column: PlannedColumn;
  readonly rules: PropertyRules;
  readonly name: string;
  /** The name in quotes, and its colon. */
  readonly pattern: BytePattern;
  /** The type whose values are read here; undefined: each value goes the plain way. */
  readonly quick: ColumnType | undefined;
  readonly nullable: boolean;
  readonly required: boolean;
}

/** @param columns in the order of the fields; those that are no property of the record are left out */
export function planSlots(
  columns: readonly PlannedColumn[],
  rules: RowRules,
  keyProperties: readonly string[],
): Slot[] {
  return columns.flatMap((column): Slot[] => {
    const { property } = column;
    const own = property === undefined ? undefined : rules.properties.get(property);
    if (property === undefined || own === undefined) return [];
    const isKey = keyProperties.includes(property);
    return [
      {
        column,
        rules: own,
        name: property,
        pattern: new BytePattern(Buffer.from(`${JSON.stringify(property)}:`)),
        quick: quickType(column, own),
        nullable: !isKey && own.check(null),
        required: isKey || rules.required.has(property),
      },
    ];
  });
}

/** The type whose values can be read from their bytes, if kind and bounds are all that counts. */
function quickType(
  { type, declared }: PlannedColumn,
  rules: PropertyRules,
): ColumnType | undefined {
  const { kinds, maxLength } = rules;
  if (type !== declared || kinds === undefined) return undefined;
  switch (type) {
    case "text":
      return kinds.has("string") ? type : undefined;
    case "date":
    case "timestamptz":
      return kinds.has("string") && maxLength === undefined ? type : undefined;
    case "bigint":
      return kinds.has("integer") || kinds.has("number") ? type : undefined;
    case "numeric":
      return kinds.has("number") ? type : undefined;
    case "boolean":
      return kinds.has("boolean") ? type : undefined;
    default:
      return undefined;
  }
}
