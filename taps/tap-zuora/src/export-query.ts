/** Texts of queries, and times as Zuora wants them. Pure. */
import type { Window } from "@bizops/tap-kit-bulk";

export interface ExportQuery {
  readonly object: string;
  /** As the query names them: `Name`, `Account.Id`. */
  readonly columns: readonly string[];
  readonly by?: { readonly key: string; readonly window: Window };
  readonly limit?: number | undefined;
}

/** https://docs.zuora.com/en/zuora-platform/data/legacy-query-methods/export-zoql */
export function renderQuery({ object, columns, by, limit }: ExportQuery): string {
  const bounds =
    by === undefined
      ? []
      : [
          ...(by.window.from === undefined ? [] : [`${by.key} >= '${toSecond(by.window.from)}'`]),
          `${by.key} < '${toSecond(by.window.before)}'`,
        ];
  const where = bounds.length === 0 ? "" : ` where ${bounds.join(" and ")}`;
  return `select ${columns.join(", ")} from ${object}${where}${limit === undefined ? "" : ` limit ${limit}`}`;
}

/** Both ends of a window are cut alike, so that neighbours still meet. */
function toSecond(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const hour = 3_600_000;

const pacific = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "America/Los_Angeles",
  dateStyle: "short",
  timeStyle: "medium",
});

/**
 * AQuA takes its `incrementalTime` without an offset, in US Pacific time.
 * https://docs.zuora.com/en/zuora-platform/data/aggregate-query-api-aqua/post-query/post-query-with-retrieval-time
 * @returns `2024-05-01 03:00:00`. In autumn an hour comes twice: the first could be taken for the second, which
 *   would skip rows, so the hour before is given for it.
 */
export function toPacific(time: string): string {
  const instant = Date.parse(time);
  const comesAgain = pacific.format(instant) === pacific.format(instant + hour);
  return pacific.format(comesAgain ? instant - hour : instant);
}
