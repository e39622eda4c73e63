/** What an opportunity looked like after each of its turns, and which of its fields each turn changed. */
import { startOfDay } from "./calendar.ts";
import { decimalText } from "./decimal.ts";
import type { Opportunities, OpportunityPlan } from "./opportunities.ts";
import type { Turn } from "./opportunity-plan.ts";
import { closeDateOf, forecastOf } from "./opportunity-plan.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";

const MOST_TURNS = 8;
const MOST_CHANGES = 32;

export interface StageRecord {
  readonly key: number;
  readonly opportunityKey: number;
  readonly stage: string;
  readonly amount: string;
  readonly probability: number;
  readonly forecastCategory: string;
  readonly closeDate: number;
  readonly byKey: number;
  readonly at: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export type ChangedField = "created" | "stage" | "amount" | "iacv" | "closeDate" | "acceptedOn";

export interface FieldChange {
  readonly key: number;
  readonly opportunityKey: number;
  readonly field: ChangedField;
  /** Text, or milliseconds for dates. */
  readonly before: string | number | null;
  readonly after: string | number | null;
  readonly byKey: number;
  readonly at: number;
  readonly isDeleted: boolean;
}

export interface OpportunityHistory {
  stages(): Table<StageRecord>;
  changes(): Table<FieldChange>;
}

export function makeOpportunityHistory(opportunities: Opportunities): OpportunityHistory {
  const stageOf = (key: number): StageRecord => {
    const opportunityKey = Math.floor(key / MOST_TURNS);
    const plan = opportunities.planOf(opportunityKey);
    const turn = plan.turns[key % MOST_TURNS]!;
    const forecast = forecastOf(turn.stage);
    const isDeleted = opportunities.isDeleted(plan);
    return {
      key,
      opportunityKey,
      stage: turn.stage,
      amount: decimalText(turn.amount, 2),
      probability: forecast.probability,
      forecastCategory: forecast.category,
      closeDate: closeDateOf(turn),
      byKey: opportunities.ownerOf(opportunityKey, plan),
      at: turn.at,
      changedAt: isDeleted ? opportunities.deletedAtOf(opportunityKey, plan) : turn.at,
      isDeleted,
    };
  };
  const stages = (): Table<StageRecord> =>
    makeTable<StageRecord>(
      (emit) =>
        opportunities.each((key, plan) => {
          const isDeleted = opportunities.isDeleted(plan);
          const deletedAt = isDeleted ? opportunities.deletedAtOf(key, plan) : 0;
          opportunities.turnsOf(plan).forEach((turn, n) => {
            emit(key * MOST_TURNS + n, isDeleted ? deletedAt : turn.at, isDeleted);
          });
        }),
      stageOf,
    );

  const changeOf = (key: number): FieldChange => {
    const opportunityKey = Math.floor(key / MOST_CHANGES);
    const plan = opportunities.planOf(opportunityKey);
    const change = changesOf(plan, plan.turns)[key % MOST_CHANGES]!;
    const byKey = opportunities.ownerOf(opportunityKey, plan);
    const isDeleted = opportunities.isDeleted(plan);
    return { key, opportunityKey, ...change, byKey, isDeleted };
  };
  const changes = (): Table<FieldChange> =>
    makeTable<FieldChange>(
      (emit) =>
        opportunities.each((key, plan) => {
          const isDeleted = opportunities.isDeleted(plan);
          changesOf(plan, opportunities.turnsOf(plan)).forEach((change, n) => {
            emit(key * MOST_CHANGES + n, change.at, isDeleted);
          });
        }),
      changeOf,
    );
  return { stages, changes };
}

type Change = Pick<FieldChange, "field" | "before" | "after" | "at">;

/** The changes between one turn and the next, in the order in which the fields are tracked. */
function changesOf(plan: OpportunityPlan, turns: readonly Turn[]): Change[] {
  const changes: Change[] = [{ field: "created", before: null, after: null, at: plan.openedAt }];
  for (let n = 1; n < turns.length; n++) {
    const then = turns[n - 1]!;
    const now = turns[n]!;
    const note = (field: ChangedField, before: Change["before"], after: Change["after"]): void => {
      if (before !== after) changes.push({ field, before, after, at: now.at });
    };
    note("stage", then.stage, now.stage);
    note("amount", decimalText(then.amount, 2), decimalText(now.amount, 2));
    note("iacv", moneyText(then.iacv), moneyText(now.iacv));
    note("closeDate", closeDateOf(then), closeDateOf(now));
    note("acceptedOn", dateOf(then.acceptedDay), dateOf(now.acceptedDay));
  }
  return changes;
}

function moneyText(value: number | null): string | null {
  return value === null ? null : decimalText(value, 4);
}

function dateOf(day: number | null): number | null {
  return day === null ? null : startOfDay(day);
}
