/** Encoded values of key columns -> text that is equal exactly when PostgreSQL calls the values equal. Pure. */
import type { ColumnType } from "../schema/column-type.ts";

/** @param encoded as `encodeValue` gives it */
export function keyText(encoded: string, type: ColumnType): string {
  switch (type) {
    // The column may widen between two rows of a key, so both types need one spelling.
    case "bigint":
    case "numeric":
      return canonicalNumber(encoded);
    case "time": {
      const [hour, minute, second = "0"] = encoded.split(":");
      return `${hour}:${minute}:${Number(second)}`;
    }
    case "jsonb":
      return canonicalJson(encoded);
    default:
      return encoded;
  }
}

/** 1.0 and 1 are one number, so are -0 and 0. */
function canonicalNumber(text: string): string {
  const sign = text.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = text.slice(sign.length).split(".");
  const digits = `${whole.replace(/^0+(?=.)/, "")}.${fraction.replace(/0+$/, "")}`;
  return digits === "0." ? digits : sign + digits;
}

/** jsonb knows no order of properties and compares numbers as numerics. */
function canonicalJson(text: string): string {
  const sorted = JSON.parse(text, (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return JSON.stringify(sorted);
}
