/** Subscriptions of won opportunities: one row for each version, and the rate plans and charges of each. */
import { freeText } from "../awkward-text.ts";
import { momentOf, startOfDay } from "../calendar.ts";
import type { Clock } from "../clock.ts";
import type { Opportunities, OpportunityPlan } from "../opportunities.ts";
import { WON } from "../opportunity-plan.ts";
import { BY_CONVERSION } from "../people.ts";
import { makeTable, type Table } from "../table.ts";
import {
  MOST_VERSIONS,
  planSubscription,
  type SubscriptionCourse,
  type Version,
} from "./subscription-plan.ts";

/** Subscriptions of opportunities opened by a conversion have keys from here on. */
const BY_CONVERSION_FROM = 2 ** 20;

export interface Subscription {
  /** Of this version: `subscriptionKey * 16 + number - 1`. */
  readonly key: number;
  readonly subscriptionKey: number;
  readonly opportunityKey: number;
  readonly accountKey: number;
  readonly version: Version;
  readonly status: string;
  readonly startDate: number;
  readonly acceptedOn: number | null;
  readonly autoRenews: boolean | null;
  readonly seats: number;
  /** In scientific form, as the vendor writes large numbers. */
  readonly meteredUnits: string;
  readonly notes: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

/** A version's rate plan: the base plan (part 0) or what an upgrade added (part 1). */
export interface RatePlan {
  /** `version's key * 2 + part` */
  readonly key: number;
  readonly part: number;
  readonly subscription: Subscription;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

/** A rate plan's charge: the recurring one (part 0), or the fee for setting up (part 1, base plan only). */
export interface Charge extends Omit<RatePlan, "key"> {
  /** `rate plan's key * 2 + charge` */
  readonly key: number;
  readonly charge: number;
  /** Decimal text with nine places, as the vendor's. */
  readonly mrr: string;
  readonly tcv: string;
}

export interface BilledPlan extends SubscriptionCourse {
  readonly opportunityKey: number;
  readonly accountKey: number;
}

export interface Subscriptions {
  /** Calls back for each subscription that exists by now, in ascending order of keys. */
  each(visit: (subscriptionKey: number, plan: BilledPlan) => void): void;
  planOf(subscriptionKey: number): BilledPlan;
  versions(): Table<Subscription>;
  /** Every version but the first, under the key of the version it made. */
  amendments(): Table<Subscription>;
  ratePlans(): Table<RatePlan>;
  charges(): Table<Charge>;
}

export function makeSubscriptions(clock: Clock, opportunities: Opportunities): Subscriptions {
  const roll = clock.dice("subscription");
  const text = clock.dice("subscription/text");

  const planFor = (key: number, opportunityKey: number, opportunity: OpportunityPlan) => {
    const won = opportunity.turns.at(-1)!;
    const course = planSubscription(roll, key, won.day, won.iacv ?? won.amount);
    return { ...course, opportunityKey, accountKey: opportunity.accountKey };
  };
  const planOf = (key: number): BilledPlan => {
    const opportunityKey =
      key < BY_CONVERSION_FROM ? key : key - BY_CONVERSION_FROM + BY_CONVERSION;
    return planFor(key, opportunityKey, opportunities.planOf(opportunityKey));
  };
  const each: Subscriptions["each"] = (visit) =>
    opportunities.each((opportunityKey, opportunity) => {
      const turns = opportunities.turnsOf(opportunity);
      if (turns[turns.length - 1]!.stage !== WON) return;
      const key =
        opportunityKey < BY_CONVERSION
          ? opportunityKey
          : opportunityKey - BY_CONVERSION + BY_CONVERSION_FROM;
      const plan = planFor(key, opportunityKey, opportunity);
      if (plan.startDay <= clock.lastDay) visit(key, plan);
    });

  const stateOf = (key: number, plan: BilledPlan, version: Version) => {
    const next = plan.versions[version.number];
    const isDeleted = plan.deletedDay !== null && plan.deletedDay <= clock.lastDay;
    const lastDay = isDeleted ? plan.deletedDay! - 1 : clock.lastDay;
    let changedAt = version.at;
    let status = version.isCancelled ? "Cancelled" : "Active";
    const until = next ? Math.min(lastDay, next.day - 1) : lastDay;
    if (version.number === 1) {
      const open = plan.steps.findIndex((day) => day > until);
      if (open >= 0) status = BEFORE_ACTIVE[open]!;
      plan.steps.forEach((day, n) => {
        if (day > plan.startDay && day <= until) {
          changedAt = Math.max(changedAt, momentOf(day, roll(key, 40 + n)));
        }
      });
    }
    if (next && next.day <= lastDay) {
      status = "Expired";
      changedAt = next.at;
    }
    if (isDeleted) changedAt = momentOf(plan.deletedDay!, roll(key, 45));
    return { status, changedAt, isDeleted };
  };
  const exists = (plan: BilledPlan, version: Version): boolean =>
    version.day <= clock.lastDay && (plan.deletedDay === null || version.day < plan.deletedDay);

  const rowOf = (key: number): Subscription => {
    const subscriptionKey = Math.floor(key / MOST_VERSIONS);
    const plan = planOf(subscriptionKey);
    const version = plan.versions[key % MOST_VERSIONS]!;
    const state = stateOf(subscriptionKey, plan, version);
    const isAccepted = !BEFORE_ACTIVE.some((status) => status === state.status);
    return {
      key,
      subscriptionKey,
      opportunityKey: plan.opportunityKey,
      accountKey: plan.accountKey,
      version,
      startDate: startOfDay(plan.startDay),
      acceptedOn: isAccepted ? startOfDay(plan.steps[2]) : null,
      autoRenews: roll(subscriptionKey, 50) < 0.2 ? null : roll(subscriptionKey, 51) < 0.7,
      seats: 1 + Math.floor(roll(subscriptionKey, 52) * 400),
      meteredUnits: `${1 + (key % 9)}.${100_000_001 + 2 * (key % 4_000_000)}E+${9 + (key % 4)}`,
      notes: freeText(text, key < 16 * 40 ? Math.floor(key / 16) % 40 : key),
      createdAt: version.at,
      ...state,
    };
  };
  const eachVersion = (
    visit: (key: number, version: Version, changedAt: number, isDeleted: boolean) => void,
  ): void =>
    each((subscriptionKey, plan) => {
      for (const version of plan.versions) {
        if (!exists(plan, version)) return;
        const { changedAt, isDeleted } = stateOf(subscriptionKey, plan, version);
        const key = subscriptionKey * MOST_VERSIONS + version.number - 1;
        visit(key, version, changedAt, isDeleted);
      }
    });
  const ratePlanOf = (key: number): RatePlan => {
    const subscription = rowOf(Math.floor(key / 2));
    const { createdAt, changedAt, isDeleted } = subscription;
    return { key, part: key % 2, subscription, createdAt, changedAt, isDeleted };
  };
  const chargeOf = (key: number): Charge => {
    const plan = ratePlanOf(Math.floor(key / 2));
    const { version } = plan.subscription;
    const charge = key % 2;
    const monthly = plan.part === 0 ? version.mrr : version.addedMrr;
    const amount = charge === 0 ? monthly * 12 : 1500 + plan.subscription.seats * 10;
    return {
      ...plan,
      ...{ key, charge, mrr: nineDecimals(charge === 0 ? monthly : 0), tcv: nineDecimals(amount) },
    };
  };
  return {
    each,
    planOf,
    versions: () =>
      makeTable<Subscription>(
        (emit) => eachVersion((key, _v, at, gone) => emit(key, at, gone)),
        rowOf,
      ),
    amendments: () =>
      makeTable<Subscription>(
        (emit) =>
          eachVersion((key, version) => {
            if (version.number > 1) emit(key, version.at, false);
          }),
        (key) => {
          const row = rowOf(key);
          return { ...row, status: "Completed", changedAt: row.createdAt, isDeleted: false };
        },
      ),
    ratePlans: () =>
      makeTable<RatePlan>((emit) => {
        eachVersion((key, { addedMrr }, at, gone) => {
          emit(key * 2, at, gone);
          if (addedMrr > 0) emit(key * 2 + 1, at, gone);
        });
      }, ratePlanOf),
    charges: () =>
      makeTable<Charge>((emit) => {
        eachVersion((key, { addedMrr }, at, gone) => {
          emit(key * 4, at, gone);
          emit(key * 4 + 1, at, gone);
          if (addedMrr > 0) emit(key * 4 + 2, at, gone);
        });
      }, chargeOf),
  };
}

const BEFORE_ACTIVE = ["Draft", "PendingActivation", "PendingAcceptance"] as const;

/** The vendor's zero is a Java decimal of nine places. */
export function nineDecimals(value: number): string {
  return value === 0 ? "0E-9" : value.toFixed(9);
}
