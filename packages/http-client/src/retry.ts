/** The decision what to do after an attempt, and how long to wait before the next one. Pure. */
import { type SingerError, UnavailableError } from "@bizops/singer";
import type { Verdict } from "./classify-response.ts";

const baseSeconds = 1;
const capSeconds = 60;

/** A source that asks for a longer wait is left for a later run. */
const longestRetryAfterSeconds = 900;

/** What is known when an attempt has ended. */
export interface AttemptFacts {
  /** Counted from 1. */
  readonly attempt: number;
  readonly maxRetries: number;
  /** Repeating the request changes nothing at the source. */
  readonly idempotent: boolean;
  /** In [0, 1). */
  readonly random: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type NextStep =
  | { readonly action: "wait"; readonly seconds: number }
  | { readonly action: "fail"; readonly error: SingerError };

/** Full jitter between zero and the doubled delay, or what the source's Retry-After says. */
export function decideRetry(
  verdict: Extract<Verdict, { kind: "retry" }>,
  { attempt, maxRetries, idempotent, random, now }: AttemptFacts,
): NextStep {
  if (attempt > maxRetries || (verdict.maybeProcessed && !idempotent)) {
    return { action: "fail", error: verdict.exhausted };
  }
  const asked = parseRetryAfter(verdict.retryAfter, now);
  if (asked > longestRetryAfterSeconds) {
    const text = `${verdict.exhausted.message} and asks to wait ${Math.ceil(asked)} s; run again after that`;
    return { action: "fail", error: new UnavailableError(text) };
  }
  const jittered = random * Math.min(capSeconds, baseSeconds * 2 ** (attempt - 1));
  return { action: "wait", seconds: asked > 0 ? asked : jittered };
}

/** Seconds out of a Retry-After header (seconds or an HTTP date); 0 if there is none to be read. */
export function parseRetryAfter(value: string | undefined, now: number): number {
  if (value === undefined || value.trim() === "") return 0;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value)
    ? Number(value)
    : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
