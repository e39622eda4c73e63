/** The whole course of one opportunity, from opening to close, independent of how far the clock has come. */
import { momentOf, startOfDay, toWorkday } from "./calendar.ts";
import { bell, type Dice } from "./dice.ts";

export const OPEN_STAGES = [
  "1-Qualification",
  "2-Discovery",
  "3-Validation",
  "4-Proposal",
  "5-Negotiation",
] as const;
export const WON = "8-Closed Won";
export const LOST = "9-Closed Lost";
export const DUPLICATE = "10-Duplicate";

export type Outcome = "won" | "lost" | "duplicate" | "stuck";

/** What an opportunity looks like after one of its events. */
export interface Turn {
  readonly day: number;
  readonly at: number;
  readonly stage: string;
  readonly amount: number;
  readonly iacv: number | null;
  readonly closeDay: number;
  /** The day on which sales took the opportunity over from whoever generated it. */
  readonly acceptedDay: number | null;
}

export interface Course {
  readonly outcome: Outcome;
  /** The opening and every later event, in order of time. */
  readonly turns: readonly Turn[];
}

/** Direct opportunities 0 to 13 carry one edge case each. */
export interface Script {
  readonly outcome?: Outcome;
  readonly accepted?: boolean;
  readonly source?: string | null;
  readonly iacv?: null;
  readonly deletedAfter?: number;
  readonly people?: readonly number[];
}

export const SCRIPTS: readonly Script[] = [
  { outcome: "won", accepted: true, source: null },
  { outcome: "won", accepted: true, source: "Event - Legacy" },
  { outcome: "duplicate", accepted: true },
  { outcome: "won", accepted: false },
  { outcome: "won", accepted: true, deletedAfter: 20 },
  { outcome: "won", accepted: true, people: [] },
  { outcome: "won", accepted: true, people: [0] },
  { outcome: "won", accepted: true, people: [1] },
  { outcome: "won", accepted: true, people: [2] },
  { outcome: "won", accepted: true, people: [3] },
  { outcome: "won", accepted: true, people: [4] },
  { outcome: "won", accepted: true, iacv: null },
  { outcome: "won", accepted: true, people: [5] },
  { outcome: "stuck", accepted: false },
];

/** @param key identifies the opportunity to the dice */
export function planCourse(
  dice: Dice,
  key: number,
  openedDay: number,
  openedAt: number,
  script: Script | undefined,
): Course {
  const outcome = script?.outcome ?? outcomeOf(dice(key, 10));
  const accepts = script?.accepted ?? dice(key, 11) < ACCEPTED[outcome];
  const reached = outcome === "won" ? 5 : 1 + Math.floor(dice(key, 12) * 5);
  const wish = Math.exp(9.7 + 0.8 * bell(dice, key));
  const settled = wish * (0.7 + 0.5 * dice(key, 13));
  const noIacv = script?.iacv === null || dice(key, 14) < 0.03;

  // One literal for all turns: spreading the turn before costs more than all the dice together.
  const turns: Turn[] = [];
  let day = openedDay;
  let stage: string = OPEN_STAGES[0];
  let amount = roundTo(wish, 2);
  let iacv: number | null = null;
  let closeDay = openedDay + 90;
  let acceptedDay: number | null = null;
  const note = (at: number): void => {
    turns.push({ day, at, stage, amount, iacv, closeDay, acceptedDay });
  };
  const wait = (part: number): number => {
    day = toWorkday(day + 1 + Math.floor(dice(key, 20 + part) ** 2 * 38));
    if (closeDay <= day) closeDay = day + 45;
    return momentOf(day, dice(key, 30 + part));
  };
  note(openedAt);
  for (let n = 1; n < reached; n++) {
    const at = wait(n);
    stage = OPEN_STAGES[n]!;
    if (n === 2) iacv = roundTo(wish * 0.9, 2 + (key % 3));
    if (n === 3) amount = roundTo(settled * 1.1, 2);
    note(at);
    if (n === 1 && accepts) acceptNow();
  }
  if (reached === 1 && accepts) acceptNow();
  if (outcome !== "stuck") {
    const at = wait(6);
    stage = LAST_STAGE[outcome];
    closeDay = day;
    if (outcome === "won") iacv = noIacv ? null : roundTo(settled, 2 + (key % 3));
    note(at);
  }
  function acceptNow(): void {
    const at = wait(7);
    acceptedDay = day;
    note(at);
  }
  return { outcome, turns };
}

const LAST_STAGE = { won: WON, lost: LOST, duplicate: DUPLICATE } as const;
const ACCEPTED: Readonly<Record<Outcome, number>> = {
  won: 0.95,
  lost: 0.6,
  duplicate: 0.5,
  stuck: 0.5,
};

function outcomeOf(roll: number): Outcome {
  if (roll < 0.27) return "won";
  if (roll < 0.77) return "lost";
  return roll < 0.82 ? "duplicate" : "stuck";
}

function roundTo(value: number, places: number): number {
  const factor = 10 ** places;
  return Math.round(value * factor) / factor;
}

/** Probability in percent and forecast category that go with a stage. */
export function forecastOf(stage: string): { probability: number; category: string } {
  const at = OPEN_STAGES.indexOf(stage as (typeof OPEN_STAGES)[number]);
  if (at >= 0) return { probability: 10 + at * 20, category: at < 2 ? "Pipeline" : "BestCase" };
  return stage === WON
    ? { probability: 100, category: "Closed" }
    : { probability: 0, category: "Omitted" };
}

/** The start of a turn's planned or actual close day. */
export function closeDateOf(turn: Turn): number {
  return startOfDay(turn.closeDay);
}
