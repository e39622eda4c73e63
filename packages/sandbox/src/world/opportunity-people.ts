/** Which people take part in an opportunity, and in what role. */
import { momentOf } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { pick } from "./dice.ts";
import type { Opportunities, OpportunityPlan } from "./opportunities.ts";
import type { People } from "./people.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";

const MOST_PEOPLE = 4;

export interface OpportunityPerson {
  readonly key: number;
  readonly opportunityKey: number;
  readonly personKey: number;
  readonly role: string | null;
  readonly isPrimary: boolean;
  readonly createdByKey: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

const ROLES = ["Decision Maker", "Economic Buyer", "Champion", "Evaluator", "Other"] as const;

export function makeOpportunityPeople(
  clock: Clock,
  opportunities: Opportunities,
  people: People,
): { table(): Table<OpportunityPerson> } {
  const roll = clock.dice("opportunity-person");

  /** Contacts of the account who were there when the opportunity opened: later ones cannot change the past. */
  const membersOf = (key: number, plan: OpportunityPlan): number[] => {
    if (plan.script?.people) return [...plan.script.people];
    const members = plan.converted === null ? [] : [plan.converted];
    const wanted = plan.converted === null ? countOf(roll(key, 1)) : 1 + countOf(roll(key, 1)) / 2;
    const known = people
      .contactsOf(plan.accountKey)
      .filter((person) => people.planOf(person).contactAt! <= plan.openedAt);
    const from = Math.floor(roll(key, 2) * known.length);
    for (let n = 0; n < known.length && members.length < wanted; n++) {
      const person = known[(from + n) % known.length]!;
      if (!members.includes(person)) members.push(person);
    }
    return members;
  };
  const stateOf = (key: number, plan: OpportunityPlan, person: number, n: number) => {
    const who = people.planOf(person);
    const createdAt = Math.max(plan.openedAt, who.contactAt!) + n * 1000;
    const left = roll(key, 10 + n) < 0.03 ? plan.openedDay + 4 + n : null;
    const gone = [left, plan.deletedDay, people.contactDeletedDayOf(who)].filter((d) => d !== null);
    const deletedDay = gone.length > 0 ? Math.min(...gone) : null;
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    const changedAt = isDeleted
      ? Math.max(createdAt, momentOf(deletedDay, roll(key, 20 + n)))
      : createdAt;
    return { createdAt, changedAt, isDeleted };
  };
  const rowOf = (key: number): OpportunityPerson => {
    const opportunityKey = Math.floor(key / MOST_PEOPLE);
    const n = key % MOST_PEOPLE;
    const plan = opportunities.planOf(opportunityKey);
    const personKey = membersOf(opportunityKey, plan)[n]!;
    return {
      key,
      opportunityKey,
      personKey,
      role: roll(key, 30) < 0.15 ? null : pick(ROLES, roll(key, 31)),
      isPrimary: n === 0 && roll(opportunityKey, 32) < 0.85,
      createdByKey: opportunities.ownerOf(opportunityKey, plan),
      ...stateOf(opportunityKey, plan, personKey, n),
    };
  };
  const table = (): Table<OpportunityPerson> =>
    makeTable<OpportunityPerson>(
      (emit) =>
        opportunities.each((key, plan) => {
          membersOf(key, plan).forEach((person, n) => {
            const state = stateOf(key, plan, person, n);
            emit(key * MOST_PEOPLE + n, state.changedAt, state.isDeleted);
          });
        }),
      rowOf,
    );
  return { table };
}

function countOf(roll: number): number {
  if (roll < 0.12) return 0;
  if (roll < 0.52) return 1;
  return roll < 0.82 ? 2 : 3;
}
