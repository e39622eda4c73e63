/** When an object is read again whole for the sake of its formulas and roll-ups. Pure. */
import type { Bookmark } from "@bizops/singer";
import type { ReadRun } from "@bizops/tap-kit";

/** The bookmark's entry for when the reading began that gave all calculated fields. */
const readAt = "calculated_fields_read_at";

export interface RefreshPlan {
  readonly run: ReadRun;
  /** What each bookmark of the run has in addition. */
  readonly note: Bookmark;
}

/**
 * A formula or roll-up changes without the row's time of change moving, so it grows old in the warehouse. Once
 * it is too old the stream forgets its bookmark: it is read from its start again, as on a first run, and a
 * run that is interrupted goes on with that.
 * https://help.salesforce.com/s/articleView?id=000383560&type=1
 * @param hasCalculated whether such a field is selected
 * @param hours the age at which they are too old; undefined: never
 * @param now epoch milliseconds
 */
export function planRefresh(
  run: ReadRun,
  hasCalculated: boolean,
  hours: number | undefined,
  now: number,
): RefreshPlan {
  if (!hasCalculated || hours === undefined || run.replication.method === "FULL_TABLE") {
    return { run, note: {} };
  }
  const last = Date.parse(String(run.bookmark?.[readAt]));
  if (now - last < hours * 3_600_000) {
    return { run, note: { [readAt]: run.bookmark![readAt]! } };
  }
  const { bookmark, ...fromStart } = run;
  return { run: fromStart, note: { [readAt]: new Date(now).toISOString() } };
}
