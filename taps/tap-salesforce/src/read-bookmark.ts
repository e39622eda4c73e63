/** Where the last run ended. */
import { ConfigError } from "@bizops/singer";
import type { ReadRun } from "@bizops/tap-kit";
import { toUtc } from "./soql.ts";

/**
 * Also reads the bookmarks of singer-io's tap: `{"SystemModstamp": "2024-05-01T10:00:00.000000Z"}`.
 * @returns RFC 3339 in UTC
 * @throws ConfigError if it is no date-time
 */
export function readBookmark(
  { bookmark }: Pick<ReadRun, "bookmark">,
  key: string,
): string | undefined {
  const value = bookmark?.[key];
  if (value === undefined || value === null) return undefined;
  const time = toUtc(value);
  if (time === undefined) throw new ConfigError(`the state's ${key} is not a date-time`);
  return time;
}
