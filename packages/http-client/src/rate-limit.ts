/** Keeps to a vendor's "at most N requests in S seconds" by a sliding window. */

/** At most `requests` begin in any `perSeconds`. */
export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

/**
 * @returns reserves the next free place and says how many seconds lie before it. Reserving and waiting
 *   are apart, so that requests made at the same time get different places.
 */
export function createRateLimiter({ requests, perSeconds }: RateLimit): (now: number) => number {
  const starts: number[] = [];
  return (now) => {
    const oldest = starts.length < requests ? undefined : starts.shift();
    const start = oldest === undefined ? now : Math.max(now, oldest + perSeconds * 1000);
    starts.push(start);
    return (start - now) / 1000;
  };
}
