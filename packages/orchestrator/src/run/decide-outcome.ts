/** Two exit codes -> the one that says what happened. Pure. */
import { constants } from "node:os";
import { exitCodes, worstExitCode } from "@bizops/singer";
import type { PipeEnd, ProcessEnd } from "./spawn-pipe.ts";

/** What became of a run. */
export interface Outcome {
  readonly exitCode: number;
  /** Who caused it, if it failed. */
  readonly blame?: "tap" | "target" | "both";
}

/** A process's exit code as a shell would give it: 128 + n for a signal. */
export function shellCode({ code, signal }: ProcessEnd): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * A broken pipe is a symptom. If the target ended first, what became of the tap follows from that; if the tap
 * was cut off, a target that complains of a broken line complains of the tap.
 */
export function decideOutcome(end: PipeEnd): Outcome {
  const tap = shellCode(end.tap);
  const target = shellCode(end.target);
  if (tap === 0 && target === 0) return { exitCode: 0 };
  if (target === 0) return { exitCode: tap, blame: "tap" };
  if (tap === 0 || end.targetEndedFirst) return { exitCode: target, blame: "target" };
  if (target === exitCodes.contract) return { exitCode: tap, blame: "tap" };
  return { exitCode: worstExitCode([tap, target]), blame: "both" };
}
