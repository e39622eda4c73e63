/** Which periods of a group have a row though nothing happened in them. */
import { addPeriods, type Period, startOf } from "./calendar.ts";
import type { Day } from "./common-model.ts";

/**
 * "Every period from the group's first to its last row, but no zero row later than `as_of`'s period (rows with
 * facts stay)." In order.
 * @param starts starts of the periods with facts, in any order, repeated or not
 */
export function fillPeriods(period: Period, starts: Iterable<Day>, asOf: Day): Day[] {
  const facts = new Set(starts);
  const [first, last] = [[...facts].sort()[0], [...facts].sort().at(-1)];
  const present = startOf(period, asOf);
  const filled: Day[] = [];
  if (first === undefined || last === undefined) return filled;
  for (let start = first; start <= last; start = addPeriods(period, start, 1)) {
    if (facts.has(start) || start <= present) filled.push(start);
  }
  return filled;
}
