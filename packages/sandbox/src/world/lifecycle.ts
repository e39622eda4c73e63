/** What happens to a row after it came in: edits now and then, sometimes a deletion. */
import { HISTORY_DAYS } from "./calendar.ts";
import { makeDice } from "./dice.ts";
import type { Intake } from "./intake.ts";

/** The first rows of a kind carry the edge cases tests look for, so chance never deletes them. */
export const SCRIPTED_ROWS = 24;

/** The latest edit of a row; `revision` counts its edits so far. */
export interface Edit {
  readonly day: number;
  readonly revision: number;
}

export interface Lifecycle {
  /** The latest edit after `createdDay` up to and including `lastDay`; null if there was none. */
  editOf(index: number, createdDay: number, lastDay: number): Edit | null;
  /** The day of deletion, which may lie in the future; null for a row that stays. */
  deletedDayOf(index: number, createdDay: number): number | null;
}

/**
 * Half of the base rows are edited, each once in a fixed number of days, spread so that every day edits some.
 * @param deleteEvery days between sure deletions; 0 leaves deletions to chance
 */
export function makeLifecycle(
  seed: number,
  kind: string,
  intake: Intake,
  deleteEvery: number,
): Lifecycle {
  const { base } = intake;
  const stride = coprimeTo(base);
  const edited = Math.ceil(base / 2);
  const period = Math.min(edited, 400);
  const fate = makeDice(seed, `${kind}/fate`);
  const deletable = Math.max(0, base - SCRIPTED_ROWS);
  const deleteStride = coprimeTo(Math.max(1, deletable));
  const deletedAtOnce = Math.max(1, Math.round(base * 0.0004));
  const doomed = Math.ceil(deletable / 2);
  const turns = Math.ceil(doomed / deletedAtOnce);
  /** Once the doomed base rows are gone, one later row a turn follows them. */
  const isFirstOfTurn = (index: number, createdDay: number): boolean =>
    (createdDay - HISTORY_DAYS) % deleteEvery === 0 && intake.dayOf(index - 1) < createdDay;

  const editOf = (index: number, createdDay: number, lastDay: number): Edit | null => {
    if (index >= base) return null;
    const rank = (index * stride) % base;
    if (rank >= edited) return null;
    const phase = rank % period;
    const day = lastDay - ((((lastDay - phase) % period) + period) % period);
    if (day <= createdDay) return null;
    return { day, revision: Math.floor((day - createdDay - 1) / period) + 1 };
  };
  const deletedDayOf = (index: number, createdDay: number): number | null => {
    if (index < SCRIPTED_ROWS) return null;
    if (deleteEvery > 0 && index < base) {
      const rank = ((index - SCRIPTED_ROWS) * deleteStride) % deletable;
      // These are spared by chance, so that their day of deletion is not found empty.
      if (rank < doomed) {
        return HISTORY_DAYS + Math.floor(rank / deletedAtOnce) * deleteEvery;
      }
    }
    if (deleteEvery > 0 && index >= base && isFirstOfTurn(index, createdDay)) {
      return createdDay + turns * deleteEvery;
    }
    if (fate(index) >= 0.025) return null;
    return createdDay + 5 + Math.floor(fate(index, 1) * 395);
  };
  return { editOf, deletedDayOf };
}

/** A multiplier that visits every residue once, so ranks look shuffled but are computed, not stored. */
function coprimeTo(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618)) | 1;
  while (greatestCommonDivisor(stride, count) !== 1) stride += 2;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
