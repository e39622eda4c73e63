/** Counts API calls against the daily limit, as Sforce-Limit-Info reports it. */
import { VendorError } from "../vendor-error.ts";

export interface UsageLimit {
  /** Counts one call. @throws VendorError REQUEST_LIMIT_EXCEEDED once the limit is spent */
  spend(): void;
  /** The value of the header Sforce-Limit-Info. */
  info(): string;
  readonly limit: number;
  used(): number;
}

export function makeUsageLimit(limit: number): UsageLimit {
  let used = 0;
  return {
    limit,
    used: () => used,
    spend: () => {
      if (used >= limit) throw requestLimitExceeded();
      used++;
    },
    info: () => `api-usage=${used}/${limit}`,
  };
}

export function requestLimitExceeded(): VendorError {
  return new VendorError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
}
