/** What follows an attempt: the end, another attempt, or a later run. Pure. */
import { exitCodes } from "@bizops/singer";
import type { RetryPolicy } from "../project/project.ts";

/** What to do next. */
export type NextStep =
  | { readonly do: "end"; readonly status: "succeeded" | "failed" }
  | { readonly do: "retry"; readonly waitSeconds: number }
  | { readonly do: "defer"; readonly waitMinutes: number };

const longestWaitSeconds = 3600;
const never: readonly number[] = [exitCodes.config, exitCodes.authentication, exitCodes.contract];

/**
 * 4 is tried again after ever longer waits, 6 when the quota may be there again, what the user has to mend never,
 * and a bug or a program that was killed once, in case it was an accident.
 * @param codes exit codes of all attempts so far, the last one last
 */
export function decideNext(codes: readonly number[], policy: RetryPolicy): NextStep {
  const code = codes.at(-1)!;
  if (code === exitCodes.ok) return { do: "end", status: "succeeded" };
  if (code === exitCodes.quota) return { do: "defer", waitMinutes: policy.quotaWaitMinutes };
  if (never.includes(code)) return { do: "end", status: "failed" };
  if (code === exitCodes.unavailable) {
    if (codes.length >= policy.tries) return { do: "end", status: "failed" };
    const times = codes.filter((each) => each === exitCodes.unavailable).length - 1;
    const waitSeconds = Math.min(longestWaitSeconds, policy.firstWaitSeconds * 4 ** times);
    return { do: "retry", waitSeconds };
  }
  const accidents = codes.filter((each) => !Object.values<number>(regular).includes(each)).length;
  return accidents > 1 ? { do: "end", status: "failed" } : { do: "retry", waitSeconds: 0 };
}

const { bug: _, brokenPipe: __, ...regular } = exitCodes;
