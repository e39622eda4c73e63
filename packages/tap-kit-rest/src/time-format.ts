/** How sources spell a time, to and from epoch milliseconds. */
import type { JsonValue } from "@bizops/singer";

export interface TimeFormat {
  /** Undefined if the value is no time. */
  parse(value: JsonValue): number | undefined;
  render(milliseconds: number): string | number;
}

export const rfc3339: TimeFormat = {
  parse: (value) => finite(typeof value === "string" ? Date.parse(value) : Number.NaN),
  render: (milliseconds) => new Date(milliseconds).toISOString(),
};

export const epochMillis: TimeFormat = {
  parse: (value) => finite(typeof value === "number" ? value : Number.NaN),
  render: (milliseconds) => milliseconds,
};

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
