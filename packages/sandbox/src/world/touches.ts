/** Campaign touches: a person is in a campaign, and responds to it or not. */
import { momentOf, startOfDay } from "./calendar.ts";
import type { Campaigns } from "./campaigns.ts";
import type { Clock } from "./clock.ts";
import type { People, PersonPlan } from "./people.ts";
import { LATE_DAY, SCRIPTED_PEOPLE } from "./people.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";

const MOST_TOUCHES = 8;

export interface Touch {
  readonly key: number;
  readonly personKey: number;
  readonly campaignKey: number;
  readonly status: string;
  readonly hasResponded: boolean;
  /** Start of the day of the first response. */
  readonly respondedOn: number | null;
  readonly wasLead: boolean;
  /** The person is a contact by now. */
  readonly isContact: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

interface Plan {
  readonly day: number;
  readonly createdAt: number;
  readonly campaignKey: number;
  readonly respondedDay: number | null;
}

export interface Touches {
  table(): Table<Touch>;
}

export function makeTouches(clock: Clock, people: People, campaigns: Campaigns): Touches {
  const roll = clock.dice("touch");

  /** All touches a person will ever have; a campaign touches a person once. */
  const plansOf = (person: number, plan: PersonPlan): (Plan | null)[] => {
    const plans: (Plan | null)[] = [];
    const seen = new Set<number>();
    const count = touchCount(person, roll(person));
    let day = plan.createdDay;
    let createdAt = Math.max(plan.createdAt, momentOf(day, roll(person, 9)));
    for (let n = 0; n < count; n++) {
      const gap = gapBefore(person, n, roll(person, 10 + n));
      if (person === 4 && n === 1) day = LATE_DAY;
      else day += gap;
      if (n > 0 && gap > 0) createdAt = momentOf(day, roll(person, 20 + n));
      const reachable = campaigns.intake.countThrough(day);
      const back = Math.floor(roll(person, 30 + n) ** 2 * Math.min(reachable, 10));
      let campaignKey = reachable - 1 - back;
      if (person < SCRIPTED_PEOPLE) {
        for (let tries = 0; tries < reachable && seen.has(campaignKey); tries++) {
          campaignKey = (campaignKey + 1) % reachable;
        }
      }
      const known = campaignKey < 0 || seen.has(campaignKey);
      seen.add(campaignKey);
      const responds = roll(person, 40 + n) < 0.65;
      const delay = gap === 0 ? 0 : Math.floor(roll(person, 50 + n) * 5);
      plans.push(
        known ? null : { day, createdAt, campaignKey, respondedDay: responds ? day + delay : null },
      );
    }
    return plans;
  };
  const stateOf = (person: number, who: PersonPlan, n: number, plan: Plan) => {
    const deletedDay = deletedDayOf(person, who, n, plan);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    const lastDay = isDeleted ? deletedDay - 1 : clock.lastDay;
    const responded = plan.respondedDay !== null && plan.respondedDay <= lastDay;
    const isContact = who.contactDay !== null && who.contactDay <= lastDay;
    let changedAt = plan.createdAt;
    if (responded && plan.respondedDay! > plan.day) {
      changedAt = momentOf(plan.respondedDay!, roll(person, 60 + n));
    }
    if (isContact) changedAt = Math.max(changedAt, who.contactAt!);
    if (isDeleted) changedAt = momentOf(deletedDay, roll(person, 80 + n));
    return { responded, isContact, changedAt, isDeleted };
  };
  const deletedDayOf = (person: number, who: PersonPlan, n: number, plan: Plan): number | null => {
    if (person >= SCRIPTED_PEOPLE && roll(person, 70 + n) < 0.012) {
      return plan.day + 3 + Math.floor(roll(person, 90 + n) * 60);
    }
    return goneDayOf(who);
  };

  const goneDayOf = (who: PersonPlan): number | null =>
    who.contactDay === null ? people.leadDeletedDayOf(who) : people.contactDeletedDayOf(who);

  const rowOf = (key: number): Touch => {
    const personKey = Math.floor(key / MOST_TOUCHES);
    const n = key % MOST_TOUCHES;
    const who = people.planOf(personKey);
    const plan = plansOf(personKey, who)[n]!;
    const state = stateOf(personKey, who, n, plan);
    const channel = campaigns.channelOf(plan.campaignKey);
    return {
      key,
      personKey,
      campaignKey: plan.campaignKey,
      status: statusOf(channel, state.responded),
      hasResponded: state.responded,
      respondedOn: state.responded ? startOfDay(plan.respondedDay!) : null,
      wasLead: who.wasLead,
      isContact: state.isContact,
      createdAt: plan.createdAt,
      changedAt: state.changedAt,
      isDeleted: state.isDeleted,
    };
  };
  const table = (): Table<Touch> =>
    makeTable<Touch>((emit) => {
      for (let person = 0; person < people.intake.total; person++) {
        const who = people.planOf(person);
        const plans = plansOf(person, who);
        const lastDay = Math.min(clock.lastDay, (goneDayOf(who) ?? Infinity) - 1);
        for (let n = 0; n < plans.length; n++) {
          const plan = plans[n];
          if (!plan || plan.day > lastDay) continue;
          const state = stateOf(person, who, n, plan);
          emit(person * MOST_TOUCHES + n, state.changedAt, state.isDeleted);
        }
      }
    }, rowOf);
  return { table };
}

/** People 0 to 7: one, two, many, tied, one after the close, none, none, none; others by chance. */
function touchCount(person: number, roll: number): number {
  const scripted = [1, 2, MOST_TOUCHES, 2, 2, 0, 0, 0][person];
  if (scripted !== undefined) return scripted;
  if (roll < 0.18) return 0;
  if (roll < 0.55) return 1;
  if (roll < 0.77) return 2;
  if (roll < 0.9) return 3;
  return 4 + Math.floor((roll - 0.9) * 50);
}

/** Days since the touch before; 0 makes a tie with it. */
function gapBefore(person: number, n: number, roll: number): number {
  if (n === 0) return 0;
  if (person < SCRIPTED_PEOPLE) return person === 3 ? 0 : 1;
  return roll < 0.1 ? 0 : 1 + Math.floor(roll ** 2 * 110);
}

function statusOf(channel: string, responded: boolean): string {
  if (channel === "Webinar" || channel === "Conference")
    return responded ? "Attended" : "Registered";
  return responded ? "Responded" : "Sent";
}
