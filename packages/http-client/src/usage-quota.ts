/** Ends a run before it eats the allowance that the source's other users live on. */
import { QuotaError } from "@bizops/singer";
import type { HttpHeaders } from "./exchange.ts";

/** How far a source with a request allowance may be used. */
export interface UsageQuota {
  /** What the answer's headers say of the allowance, if anything. */
  readonly read: (headers: HttpHeaders) => { used: number; limit: number } | undefined;
  /** Percent of the allowance that may be used by everyone together. */
  readonly percentTotal: number;
  /** Percent of the allowance that this run may use. */
  readonly percentPerRun: number;
}

export interface QuotaMeter {
  /** Counts the request about to be sent. @throws QuotaError if it would go beyond a limit */
  spend(): void;
  /** Learns from an answer. */
  learn(headers: HttpHeaders): void;
}

export function createQuotaMeter({ read, percentTotal, percentPerRun }: UsageQuota): QuotaMeter {
  let latest: { used: number; limit: number } | undefined;
  let sent = 0;
  return {
    spend() {
      if (latest !== undefined) {
        const { used, limit } = latest;
        const percentOf = (count: number) => (count / limit) * 100;
        if (percentOf(used + 1) > percentTotal) {
          throw new QuotaError(
            `${used} of ${limit} requests of the source's allowance are used, the limit set is ${percentTotal} percent (quota_percent_total); run again when it has been renewed`,
          );
        }
        if (percentOf(sent + 1) > percentPerRun) {
          throw new QuotaError(
            `this run has used ${sent} of the source's ${limit} requests, the limit set is ${percentPerRun} percent (quota_percent_per_run); run again to go on`,
          );
        }
      }
      sent += 1;
    },
    learn(headers) {
      latest = read(headers) ?? latest;
    },
  };
}
