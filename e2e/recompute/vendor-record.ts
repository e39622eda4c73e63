/** Fields of a vendor's records as the sandbox's truth gives them. */
import { dayOf } from "./calendar.ts";
import type { Day, Instant } from "./common-model.ts";
import { Decimal } from "./decimal.ts";

/** A record as a vendor shows it. */
export type VendorRecord = { readonly [field: string]: unknown };

/** All rows of a vendor's object, deleted ones included. */
export type ReadObject = (object: string) => Promise<readonly VendorRecord[]>;

export function text(value: unknown): string | null {
  return value == null ? null : String(value);
}

export function instant(value: unknown): Instant {
  return Date.parse(String(value));
}

export function decimal(value: unknown): Decimal | null {
  return value == null ? null : new Decimal(String(value));
}

/** "A source field of type date is that day, never shifted." */
export function day(value: unknown, zone: string): Day | null {
  const given = text(value);
  return given === null || given.length === 10 ? given : dayOf(instant(given), zone);
}
