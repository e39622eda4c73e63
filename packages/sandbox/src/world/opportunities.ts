/** Opportunities: opened by hand or by the conversion of a lead, then moving through the stages to a close. */
import type { Accounts } from "./accounts.ts";
import { freeText } from "./awkward-text.ts";
import { momentOf, startOfDay } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { decimalText } from "./decimal.ts";
import { pick, pickWeighted } from "./dice.ts";
import type { Intake } from "./intake.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { Course, Script, Turn } from "./opportunity-plan.ts";
import { DUPLICATE, forecastOf, LOST, planCourse, SCRIPTS, WON } from "./opportunity-plan.ts";
import type { People } from "./people.ts";
import { BY_CONVERSION } from "./people.ts";
import { rowsPerDay } from "./scale.ts";
import type { Emit, Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Users } from "./users.ts";

export interface Opportunity {
  readonly key: number;
  readonly name: string;
  readonly accountKey: number;
  readonly campaignKey: number | null;
  readonly stage: string;
  readonly probability: number;
  readonly forecastCategory: string;
  readonly amount: string | null;
  readonly iacv: string | null;
  readonly closeDate: number;
  readonly acceptedOn: number | null;
  readonly isWon: boolean;
  readonly isClosed: boolean;
  readonly type: string | null;
  readonly source: string | null;
  readonly leadSource: string | null;
  readonly nextStep: string | null;
  readonly description: string | null;
  readonly competitor: string | null;
  readonly discount: string | null;
  readonly region: string;
  readonly quantity: string | null;
  readonly isPrivate: boolean;
  readonly lastStageChangeAt: number;
  readonly lastActivityOn: number | null;
  readonly ownerKey: number;
  readonly createdByKey: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

/** An opportunity's course and what limits it. */
export interface OpportunityPlan extends Course {
  readonly accountKey: number;
  readonly openedDay: number;
  readonly openedAt: number;
  readonly deletedDay: number | null;
  readonly script: Script | undefined;
  /** The person whose conversion opened it. */
  readonly converted: number | null;
}

export interface Opportunities {
  planOf(key: number): OpportunityPlan;
  /** The turns that have happened by the world's "now" and before a deletion. */
  turnsOf(plan: OpportunityPlan): readonly Turn[];
  isDeleted(plan: OpportunityPlan): boolean;
  deletedAtOf(key: number, plan: OpportunityPlan): number;
  ownerOf(key: number, plan: OpportunityPlan): number;
  table(): Table<Opportunity>;
  /** Calls back for every opportunity that exists at the world's "now", in ascending order of keys. */
  each(visit: (key: number, plan: OpportunityPlan) => void): void;
}

const SOURCES = [
  ["SDR Generated", 0.34],
  ["BDR Generated", 0.2],
  ["AE Generated", 0.18],
  ["Web Direct", 0.13],
  ["Partner", 0.09],
  [null, 0.05],
  ["Event - Legacy", 0.01],
] as const;

export function makeOpportunities(
  clock: Clock,
  base: number,
  accounts: Accounts,
  people: People,
  campaigns: Intake,
  users: Users,
): Opportunities {
  const intake = makeIntake(base, rowsPerDay(base, 2), clock.step);
  const lifecycle = makeLifecycle(clock.seed, "opportunity", intake, 1);
  const roll = clock.dice("opportunity");
  const text = clock.dice("opportunity/text");

  const planOf = (key: number): OpportunityPlan => {
    const start = key >= BY_CONVERSION ? startByConversion(key) : startDirect(key);
    const { accountKey, openedDay, openedAt, deletedDay, script, converted } = start;
    const { outcome, turns } = planCourse(roll, key, openedDay, openedAt, script);
    return { accountKey, openedDay, openedAt, deletedDay, script, converted, outcome, turns };
  };
  const startByConversion = (key: number) => {
    const converted = key - BY_CONVERSION;
    const person = people.planOf(converted);
    const deletedDay = roll(key, 1) < 0.015 ? person.contactDay! + 5 + (key % 200) : null;
    return {
      accountKey: person.accountKey!,
      openedDay: person.contactDay!,
      openedAt: person.contactAt!,
      deletedDay,
      script: undefined,
      converted,
    };
  };
  const startDirect = (key: number) => {
    const openedDay = intake.dayOf(key);
    const script = SCRIPTS[key];
    const owner = script?.people?.[0];
    const picked = accounts.pickOn(openedDay, roll(key, 2));
    const after = script?.deletedAfter;
    return {
      accountKey: owner ?? (accounts.isLasting(picked) ? picked : picked - 1),
      openedDay,
      openedAt: momentOf(openedDay, roll(key, 3)),
      deletedDay: after ? openedDay + after : lifecycle.deletedDayOf(key, openedDay),
      script,
      converted: null,
    };
  };
  const isDeleted = (plan: OpportunityPlan): boolean =>
    plan.deletedDay !== null && plan.deletedDay <= clock.lastDay;
  const deletedAtOf = (key: number, plan: OpportunityPlan): number =>
    momentOf(plan.deletedDay!, roll(key, 4));
  const lastDayOf = (plan: OpportunityPlan): number =>
    isDeleted(plan) ? plan.deletedDay! - 1 : clock.lastDay;
  const turnsOf = (plan: OpportunityPlan): readonly Turn[] => {
    const lastDay = lastDayOf(plan);
    const { turns } = plan;
    if (turns[turns.length - 1]!.day <= lastDay) return turns;
    return turns.filter((turn, n) => n === 0 || turn.day <= lastDay);
  };
  const editOf = (key: number, plan: OpportunityPlan) =>
    key < BY_CONVERSION ? lifecycle.editOf(key, plan.openedDay, lastDayOf(plan)) : null;
  const changedAtOf = (key: number, plan: OpportunityPlan): number => {
    if (isDeleted(plan)) return deletedAtOf(key, plan);
    const turns = turnsOf(plan);
    const edit = editOf(key, plan);
    const turned = turns[turns.length - 1]!.at;
    return edit ? Math.max(turned, momentOf(edit.day, roll(key, 5))) : turned;
  };
  const ownerOf = (key: number, plan: OpportunityPlan): number =>
    roll(key, 6) < 0.8 ? accounts.ownerOf(plan.accountKey) : users.pick("AE", roll(key, 7));

  const rowOf = (key: number): Opportunity => {
    const plan = planOf(key);
    const turns = turnsOf(plan);
    const turn = turns[turns.length - 1]!;
    const revision = editOf(key, plan)?.revision ?? 0;
    const forecast = forecastOf(turn.stage);
    const source = plan.script?.source;
    const stageSince = turns.find((each) => each.stage === turn.stage)!;
    const reachable = campaigns.countThrough(plan.openedDay);
    const account = accounts;
    return {
      key,
      name: nameOf(key, plan, account),
      accountKey: plan.accountKey,
      campaignKey: roll(key, 50) < 0.4 ? Math.floor(roll(key, 51) * reachable) : null,
      stage: turn.stage,
      probability: forecast.probability,
      forecastCategory: forecast.category,
      amount: roll(key, 52) < 0.02 ? null : decimalText(turn.amount, 2),
      iacv: turn.iacv === null ? null : decimalText(turn.iacv, 4),
      closeDate: startOfDay(turn.closeDay),
      acceptedOn: turn.acceptedDay === null ? null : startOfDay(turn.acceptedDay),
      isWon: turn.stage === WON,
      isClosed: turn.stage === WON || turn.stage === LOST || turn.stage === DUPLICATE,
      type: roll(key, 53) < 0.1 ? null : pick(TYPES, roll(key, 54)),
      source: source !== undefined ? source : pickWeighted(SOURCES, roll(key, 55)),
      leadSource: roll(key, 56) < 0.3 ? null : pick(LEAD_SOURCES, roll(key, 57)),
      nextStep: roll(key, 58) < 0.5 ? null : `Call again in ${1 + (revision % 9)} weeks`,
      description: freeText(text, key >= BY_CONVERSION ? key - BY_CONVERSION + 100 : key),
      competitor: roll(key, 59) < 0.7 ? null : pick(COMPETITORS, roll(key, 60)),
      discount: roll(key, 61) < 0.6 ? null : decimalText(roll(key, 62) * 35, 2),
      region: account.regionOf(plan.accountKey),
      quantity: roll(key, 63) < 0.5 ? null : decimalText(1 + Math.floor(roll(key, 64) * 250), 2),
      isPrivate: roll(key, 65) < 0.01,
      lastStageChangeAt: stageSince.at,
      lastActivityOn: roll(key, 66) < 0.3 ? null : startOfDay(turn.day),
      ownerKey: ownerOf(key, plan),
      createdByKey: users.pick("SDR", roll(key, 67)),
      createdAt: plan.openedAt,
      changedAt: changedAtOf(key, plan),
      isDeleted: isDeleted(plan),
    };
  };
  const nameOf = (key: number, plan: OpportunityPlan, account: Accounts): string => {
    const suffix = key % 40 === 14 ? 'Pilot "Größe" – Phase\t2 🚀' : pick(DEALS, roll(key, 68));
    return `${account.nameOf(plan.accountKey)} - ${suffix}`;
  };
  const each = (visit: (key: number, plan: OpportunityPlan) => void): void => {
    for (let key = 0; key < intake.total; key++) visit(key, planOf(key));
    const everyone = people;
    for (let person = 0; person < everyone.intake.total; person++) {
      const plan = everyone.planOf(person);
      if (!plan.opensOpportunity || plan.contactDay! > clock.lastDay) continue;
      visit(BY_CONVERSION + person, planOf(BY_CONVERSION + person));
    }
  };
  const table = (): Table<Opportunity> =>
    makeTable<Opportunity>(
      (emit: Emit) => each((key, plan) => emit(key, changedAtOf(key, plan), isDeleted(plan))),
      rowOf,
    );
  return {
    planOf,
    turnsOf,
    isDeleted,
    deletedAtOf,
    ownerOf,
    table,
    each,
  };
}

const TYPES = ["New Business", "New Business", "New Business", "Expansion", "Renewal"] as const;
const LEAD_SOURCES = ["Web", "Webinar", "Trade Show", "Partner Referral", "Other"] as const;
const COMPETITORS = ["Spreadsheets", "In-house", "Contoso Metrics", "Fabrikam BI"] as const;
const DEALS = [
  "Platform",
  "Platform + Services",
  "Pilot",
  "Team Plan",
  "Enterprise Plan",
  "Add-on Seats",
] as const;
