/** How long accounts stay, from the subscriptions active a year apart. */
import { endOfMonth, yearBefore } from "./calendar.ts";
import type { Day, Subscription } from "./common-model.ts";
import { normalise } from "./compare-text.ts";
import { Decimal } from "./decimal.ts";
import { groupRows } from "./group-rows.ts";
import type { Identity } from "./identity.ts";
import type { Settings } from "./settings.ts";

const statusesBeforeStart = ["draft", "pendingactivation", "pendingacceptance"];

/** Retention years of a month; null if no account was active a year before. */
export type FindRetention = (month: Day) => Decimal | null;

/** "Years = 1/churn, at most `max_retention_years`, that if churn is 0, null if none was active on D0." */
export function prepareRetention(
  subscriptions: readonly Subscription[],
  identity: Identity,
  settings: Settings,
): FindRetention {
  const latest = findLatestVersions(subscriptions);
  const activeOn = (day: Day) =>
    new Set(
      latest
        .filter((row) => row.account_id !== null && isActive(row, day))
        .map((row) => identity.accountId(row.account_id)),
    );
  return (month) => {
    // "D1 = the month's last day or `as_of` if earlier, D0 = D1 - 12 months."
    const end = endOfMonth(month) < settings.as_of ? endOfMonth(month) : settings.as_of;
    const [before, after] = [activeOn(yearBefore(end)), activeOn(end)];
    if (before.size === 0) return null;
    const lost = [...before].filter((account) => !after.has(account)).length;
    const most = new Decimal(settings.max_retention_years);
    // "Churn = share of accounts active on D0 not active on D1."
    return lost === 0 ? most : Decimal.min(new Decimal(before.size).div(lost), most);
  };
}

/** "The latest version (highest `version` per source and `name`); the latest of all versions decides." */
function findLatestVersions(subscriptions: readonly Subscription[]): Subscription[] {
  return groupRows(subscriptions, (row) => [row.source, row.name]).map((versions) =>
    versions.reduce((latest, row) => (row.version > latest.version ? row : latest)),
  );
}

/**
 * "A status other than Draft, Pending Activation, Pending Acceptance (compared without case and blanks) and
 * `start_date <= D` and `least(cancelled_at, end_date)` null or `> D`."
 */
function isActive(row: Subscription, day: Day): boolean {
  const status = normalise(row.status).replace(/\s/g, "");
  const ends = [row.cancelled_at, row.end_date].filter((end) => end !== null);
  return (
    !statusesBeforeStart.includes(status) &&
    row.start_date !== null &&
    row.start_date <= day &&
    ends.every((end) => end > day)
  );
}
