/** How many rows of each kind a company of a given size has at the base "now". */

export interface Scale {
  readonly accounts: number;
  readonly people: number;
  readonly users: number;
  readonly campaigns: number;
  readonly opportunities: number;
  readonly activities: number;
  readonly attachments: number;
}

/** The smallest and largest size a world can have, in rows over all kinds. */
export const SMALLEST_SIZE = 1000;
export const LARGEST_SIZE = 5_000_000;

/** Rows over all kinds for one person, as measured; the kinds below are multiples of the people. */
const ROWS_PER_PERSON = 6.2;

/** Splits a size, in rows over all kinds, into the kinds that others hang on. */
export function makeScale(size: number): Scale {
  const people = Math.max(100, Math.round(size / ROWS_PER_PERSON));
  return {
    people,
    accounts: Math.max(30, Math.round(people * 0.25)),
    users: 8 + Math.round(people / 400),
    campaigns: Math.max(16, Math.round(people * 0.008)),
    opportunities: Math.max(36, Math.round(people * 0.11)),
    activities: Math.max(40, Math.round(people * 0.5)),
    attachments: Math.max(8, Math.round(people * 0.01)),
  };
}

/** Rows a day after the base "now": a little above the average of the history. */
export function rowsPerDay(base: number, least: number): number {
  return Math.max(least, Math.round((base / 911) * 1.2));
}
