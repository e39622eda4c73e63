/** What of the day's bulk queries may still be used. */
import type { HttpClient } from "@bizops/http-client";
import type { JsonObject } from "@bizops/singer";
import { BulkAllowanceError } from "./read-error.ts";
import type { SalesforceSettings } from "./settings.ts";

export interface BulkAllowance {
  /**
   * Counts the job about to be submitted.
   * @throws BulkAllowanceError if it would go beyond a limit
   */
  spend(): Promise<void>;
  /** Counts results that have been fetched. */
  fetched(bytes: number): void;
}

/** One entry of `/limits`. */
interface Limit {
  readonly Max: number;
  readonly Remaining: number;
}

/**
 * Asks before each job, since others use the same allowance and the headers of answers do not tell it.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm
 */
export function createBulkAllowance(
  client: HttpClient,
  { apiVersion, quotaPercentTotal, quotaPercentPerRun }: SalesforceSettings,
): BulkAllowance {
  const path = `/services/data/v${apiVersion}/limits`;
  let jobs = 0;
  let bytes = 0;
  const check = (what: string, limit: Limit | undefined, used: number, ours: number) => {
    if (limit === undefined) return;
    const shares = [
      { count: used, percent: quotaPercentTotal, setting: "quota_percent_total" },
      { count: ours, percent: quotaPercentPerRun, setting: "quota_percent_per_run" },
    ];
    for (const { count, percent, setting } of shares) {
      if ((count / limit.Max) * 100 <= percent) continue;
      throw new BulkAllowanceError(
        `another bulk job would use ${Math.ceil(count)} of Salesforce's ${limit.Max} ${what} a day, the limit set is ${percent} percent (${setting}); run again when they are renewed`,
      );
    }
  };
  return {
    async spend() {
      const { data } = await client.request({ url: path, template: path, parse: "json" });
      const limits = data as JsonObject;
      const ofJobs = limits.DailyBulkV2QueryJobs as unknown as Limit | undefined;
      const ofStorage = limits.DailyBulkV2QueryFileStorageMB as unknown as Limit | undefined;
      check("query jobs", ofJobs, usedOf(ofJobs) + 1, jobs + 1);
      check("megabytes of results", ofStorage, usedOf(ofStorage), bytes / 1_048_576);
      jobs += 1;
    },
    fetched(more) {
      bytes += more;
    },
  };
}

function usedOf(limit: Limit | undefined): number {
  return limit === undefined ? 0 : limit.Max - limit.Remaining;
}
