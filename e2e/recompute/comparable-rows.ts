/** Report rows in one spelling, whether recomputed or read from the warehouse, so that they compare row by row. */
import { isLosslessNumber } from "@bizops/singer";
import { compareBytes } from "./compare-text.ts";
import { Decimal } from "./decimal.ts";

/** Places after the point to which the warehouse and the referee must agree. */
const places = 9;

export type ComparableRow = { readonly [column: string]: string | boolean | null };

/** The rows in order of their text: numbers as rounded decimal text, instants as ISO text in UTC. */
export function comparableRows(rows: readonly object[]): ComparableRow[] {
  const keyed = rows.map((row): readonly [string, ComparableRow] => {
    const cells = Object.entries(row).map(([column, value]) => [column, spell(column, value)]);
    // Columns in order of their names, so that rows of both sides sort alike.
    return [JSON.stringify([...cells].sort()), Object.fromEntries(cells)];
  });
  return keyed.sort(([a], [b]) => compareBytes(a, b)).map(([, row]) => row);
}

function spell(column: string, value: unknown): string | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (column === "touched_at") return new Date(value as number | string).toISOString();
  if (typeof value === "string") return value;
  if (Decimal.isDecimal(value)) return spellNumber(value);
  if (typeof value === "number" || isLosslessNumber(value)) {
    return spellNumber(new Decimal(String(value)));
  }
  throw new TypeError(`column ${column} holds neither text, number nor boolean`);
}

function spellNumber(value: Decimal): string {
  const rounded = value.toDecimalPlaces(places);
  return rounded.isZero() ? "0" : rounded.toFixed();
}
