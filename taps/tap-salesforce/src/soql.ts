/** The text of queries. Pure. */

/** Which rows of an object are wanted, and in what order. */
export interface Query {
  readonly object: string;
  readonly fields: readonly string[];
  /** Bounds this date-time field, and orders the rows by it, oldest first unless told otherwise. */
  readonly by?: {
    readonly key: string;
    readonly newestFirst?: boolean;
    /** In no order, which lets the Bulk API cut large tables into chunks. */
    readonly unordered?: boolean;
    /** RFC 3339 in UTC, as `toUtc` gives it: date-times in SOQL are not quoted. */
    readonly from?: string | undefined;
    readonly before?: string | undefined;
    readonly upTo?: string | undefined;
  };
  readonly limit?: number | undefined;
}

export function renderQuery({ object, fields, by, limit }: Query): string {
  const conditions = [
    by?.from && `${by.key} >= ${by.from}`,
    by?.before && `${by.key} < ${by.before}`,
    by?.upTo && `${by.key} <= ${by.upTo}`,
  ].filter((condition) => condition);
  return [
    `SELECT ${fields.join(",")} FROM ${object}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(" AND ")}`] : []),
    ...(by && !by.unordered ? [`ORDER BY ${by.key} ${by.newestFirst ? "DESC" : "ASC"}`] : []),
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join(" ");
}

/**
 * Salesforce refuses a request whose address and headers exceed 16,384 bytes. What is left for field names
 * once the rest of the query, the path and the headers are counted, with room for a long session id.
 */
const fieldBytes = 13_500;

/**
 * Cuts a list of fields into groups that each fit into one address.
 * @param everywhere fields every group starts with, since the rows are joined by them
 */
export function splitFields(
  fields: readonly string[],
  everywhere: readonly string[],
  limit = fieldBytes,
): string[][] {
  const groups: string[][] = [[...everywhere]];
  let bytes = 0;
  for (const field of fields) {
    if (everywhere.includes(field)) continue;
    // A comma is three bytes once it is percent-encoded; names of fields are ASCII.
    bytes += field.length + 3;
    if (bytes > limit) {
      groups.push([...everywhere]);
      bytes = field.length + 3;
    }
    groups.at(-1)!.push(field);
  }
  return groups;
}

/** `2024-05-01T10:00:00.000+0000` -> `2024-05-01T10:00:00.000Z`; undefined if it is no date-time. */
export function toUtc(dateTime: unknown): string | undefined {
  if (typeof dateTime !== "string") return undefined;
  // Nearly all of them, and much quicker than by Date.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:\+0000|Z)$/.test(dateTime)) {
    return dateTime.endsWith("Z") ? dateTime : `${dateTime.slice(0, -5)}Z`;
  }
  const time = Date.parse(dateTime);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** @param dateTime RFC 3339 @returns undefined if it is no date-time */
export function secondsBefore(dateTime: string, seconds: number): string | undefined {
  const time = Date.parse(dateTime);
  return Number.isNaN(time) ? undefined : new Date(time - seconds * 1000).toISOString();
}

/** The whole second in the middle of two times in RFC 3339. */
export function middleOf(from: string, until: string): string {
  const seconds = Math.floor((Date.parse(from) + Date.parse(until)) / 2000);
  return new Date(seconds * 1000).toISOString();
}
