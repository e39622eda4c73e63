/** A parsed record -> the canonical text of each column. */
import { isLosslessNumber, type JsonValue, type Row } from "@bizops/singer";
import { RejectedRow, type RowContext } from "@bizops/target-kit";
import { encodeJson, encodeValue, NeedsWiderColumn } from "./encode-value.ts";
import type { PlannedColumn, RowPlan } from "./row-plan.ts";

/** One encoded value for each column; `undefined`: the record did not carry it. */
export type EncodedRow = readonly (string | null | undefined)[];

/**
 * Encodes a row; columns of the plan become wider where a value needs it.
 * @param batchedAt RFC 3339, for `_sdc_batched_at`
 * @throws RejectedRow if no column can hold a value, or a key property is missing
 */
export function encodeRow(
  row: Row,
  context: RowContext,
  plan: RowPlan,
  batchedAt: string,
): EncodedRow {
  for (const property of plan.fixed.keyProperties) {
    if (readOwn(row, property) === undefined || row[property] === null) {
      throw new RejectedRow(`the key property ${property} is missing or null`);
    }
  }
  return plan.columns.map((column, index) => {
    if (column.property === undefined) return encodeMetadata(column.name, row, context, batchedAt);
    const value = readOwn(row, column.property);
    if (value === undefined || value === null) return value;
    return encodeWidening(value, plan, index);
  });
}

/** Encodes one value for its column, which must be as wide as it needs. @throws RejectedRow, NeedsWiderColumn */
export function encodeFor(value: JsonValue, column: PlannedColumn): string {
  const { name, type, declared, mayBeText, isKey } = column;
  if (isKey && type === "jsonb") return encodeJson(sortProperties(value), name);
  try {
    return encodeValue(value, type, declared, name);
  } catch (thrown) {
    if (!mayBeText || !(thrown instanceof RejectedRow)) throw thrown;
    if (type === "timestamptz") throw new NeedsWiderColumn("text");
    return encodeValue(value, type, type, name);
  }
}

function encodeWidening(value: JsonValue, plan: RowPlan, index: number): string {
  for (;;) {
    try {
      return encodeFor(value, plan.columns[index]!);
    } catch (thrown) {
      if (!(thrown instanceof NeedsWiderColumn)) throw thrown;
      plan.widen(index, thrown.to);
    }
  }
}

function encodeMetadata(
  name: string,
  row: Row,
  { timeExtracted, version, received, sequence }: RowContext,
  batchedAt: string,
): string | null {
  switch (name) {
    case "_sdc_extracted_at":
      return timeExtracted === undefined ? null : encodeInstant(timeExtracted, "time_extracted");
    case "_sdc_received_at":
      return received.toISOString();
    case "_sdc_batched_at":
      return batchedAt;
    case "_sdc_deleted_at": {
      const deleted = readOwn(row, name);
      return deleted === undefined || deleted === null ? null : encodeInstant(deleted, name);
    }
    case "_sdc_sequence":
      return String(sequence);
    case "_sdc_table_version":
      return version === undefined ? null : String(version);
    default:
      throw new TypeError(`no metadata column ${name}`);
  }
}

function encodeInstant(value: JsonValue, name: string): string {
  return encodeValue(value, "timestamptz", "timestamptz", name);
}

/** jsonb knows no order of properties; a key must be spelled one way. */
function sortProperties(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortProperties);
  if (value === null || typeof value !== "object" || isLosslessNumber(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, sortProperties(inner as JsonValue)]),
  );
}

/** A property may be called `constructor` and be absent all the same. */
function readOwn(row: Row, property: string): JsonValue | undefined {
  const value = row[property];
  return value === undefined || Object.hasOwn(row, property) ? value : undefined;
}
