/** People: leads, some of which convert to contacts of an account, and contacts that came in directly. */
import type { Accounts, Place } from "./accounts.ts";
import { freeText } from "./awkward-text.ts";
import { HISTORY_DAYS, momentOf, toWorkday } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { decimalText } from "./decimal.ts";
import { pick, pickWeighted } from "./dice.ts";
import type { Intake } from "./intake.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import { rowsPerDay } from "./scale.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Users } from "./users.ts";
import { FIRST_NAMES, INDUSTRIES, LAST_NAMES, TITLES } from "./words.ts";

/** The first people are contacts with a set number of touches; opportunities 6 to 12 are theirs. */
export const SCRIPTED_PEOPLE = 8;

/** An opportunity opened by a conversion has the key of the person plus this; others have smaller keys. */
export const BY_CONVERSION = 2 ** 24;

/** What will become of a person, independent of how far the clock has come. */
export interface PersonPlan {
  readonly createdDay: number;
  readonly createdAt: number;
  /** From when on the person is a contact; null for leads that never convert. */
  readonly contactDay: number | null;
  readonly contactAt: number | null;
  readonly wasLead: boolean;
  readonly accountKey: number | null;
  /** The conversion opens an opportunity. */
  readonly opensOpportunity: boolean;
  readonly deletedDay: number | null;
}

export interface Person {
  readonly key: number;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly title: string | null;
  readonly company: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly industry: string | null;
  readonly region: string | null;
  readonly place: Place | null;
  readonly source: string | null;
  readonly status: string;
  readonly score: string | null;
  readonly optedOut: boolean;
  readonly birthDay: number | null;
  readonly description: string | null;
  readonly ownerKey: number;
  readonly accountKey: number | null;
  readonly convertedAt: number | null;
  readonly openedOpportunityKey: number | null;
  readonly wasLead: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface People {
  readonly intake: Intake;
  planOf(key: number): PersonPlan;
  /** The day on which the person's lead, and the person's contact, is deleted. */
  leadDeletedDayOf(plan: PersonPlan): number | null;
  contactDeletedDayOf(plan: PersonPlan): number | null;
  leads(): Table<Person>;
  contacts(): Table<Person>;
  /** Keys of an account's contacts up to the world's "now", in ascending order. */
  contactsOf(accountKey: number): Uint32Array;
}

const SOURCES = [
  ["Web", 0.3],
  ["Webinar", 0.18],
  ["Trade Show", 0.14],
  ["Purchased List", 0.1],
  ["Partner Referral", 0.08],
  ["Phone Inquiry", 0.05],
  ["Other", 0.05],
  [null, 0.1],
] as const;

export function makePeople(clock: Clock, base: number, accounts: Accounts, users: Users): People {
  const intake = makeIntake(base, rowsPerDay(base, 2), clock.step);
  const lifecycle = makeLifecycle(clock.seed, "person", intake, 1);
  const roll = clock.dice("person");
  const text = clock.dice("person/text");

  const planOf = (key: number): PersonPlan => {
    const createdDay = intake.dayOf(key);
    const createdAt = momentOf(createdDay, roll(key, 1));
    const deletedDay = lifecycle.deletedDayOf(key, createdDay);
    const fate = roll(key, 2);
    const scripted = key < SCRIPTED_PEOPLE;
    const wasLead = !scripted && fate >= 0.15;
    const converts = wasLead && fate < 0.42;
    if (!converts && wasLead) {
      return neverContact(createdDay, createdAt, deletedDay);
    }
    const waited = 1 + Math.floor(roll(key, 3) ** 2 * 120);
    const contactDay = wasLead ? toWorkday(createdDay + waited) : createdDay;
    if (wasLead && deletedDay !== null && deletedDay <= contactDay) {
      return neverContact(createdDay, createdAt, deletedDay);
    }
    const accountKey = scripted ? key : accounts.pickOn(contactDay, roll(key, 4));
    return {
      createdDay,
      createdAt,
      contactDay,
      contactAt: wasLead ? momentOf(contactDay, roll(key, 5)) : createdAt,
      wasLead,
      accountKey,
      opensOpportunity: wasLead && accounts.isLasting(accountKey) && roll(key, 6) < 0.3,
      deletedDay,
    };
  };
  const isContact = (plan: PersonPlan): boolean =>
    plan.contactDay !== null && plan.contactDay <= clock.lastDay;
  const leadDeletedDayOf = (plan: PersonPlan): number | null =>
    plan.contactDay === null ? plan.deletedDay : null;
  const contactDeletedDayOf = (plan: PersonPlan): number | null => {
    if (plan.contactDay === null) return null;
    const withAccount = accounts.deletedDayOf(plan.accountKey!);
    if (withAccount === null) return plan.deletedDay;
    return plan.deletedDay === null ? withAccount : Math.min(plan.deletedDay, withAccount);
  };

  const leadStateOf = (key: number, plan: PersonPlan): State => {
    const deletedDay = leadDeletedDayOf(plan);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    if (isContact(plan)) return { changedAt: plan.contactAt!, isDeleted, revision: 0 };
    return stateAfter(key, plan.createdDay, plan.createdAt, isDeleted ? deletedDay : null);
  };
  const contactStateOf = (key: number, plan: PersonPlan): State => {
    const deletedDay = contactDeletedDayOf(plan);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    return stateAfter(key, plan.contactDay!, plan.contactAt!, isDeleted ? deletedDay : null);
  };
  const stateAfter = (key: number, since: number, at: number, deletedDay: number | null): State => {
    const edit = lifecycle.editOf(key, since, deletedDay === null ? clock.lastDay : deletedDay - 1);
    const revision = edit?.revision ?? 0;
    if (deletedDay !== null) {
      const changedAt = momentOf(deletedDay, roll(key, 7));
      return { changedAt, isDeleted: true, revision };
    }
    return {
      changedAt: edit ? momentOf(edit.day, roll(key, 8)) : at,
      isDeleted: false,
      revision,
    };
  };

  const rowOf = (key: number, asContact: boolean): Person => {
    const plan = planOf(key);
    const state = asContact ? contactStateOf(key, plan) : leadStateOf(key, plan);
    const converted = plan.wasLead && isContact(plan);
    const accountKey = isContact(plan) ? plan.accountKey : null;
    const twin = roll(key, 9) < 0.02 && key > SCRIPTED_PEOPLE ? key - 1 : key;
    return {
      key,
      firstName: roll(twin, 10) < 0.03 ? null : pick(FIRST_NAMES, roll(twin, 11)),
      lastName: pick(LAST_NAMES, roll(twin, 12)),
      title: roll(key, 13) < 0.15 ? null : pick(TITLES, roll(key, 14)),
      company: accounts.nameOf(accountKey ?? Math.floor(roll(key, 15) * accounts.intake.base)),
      email: emailOf(twin, key),
      phone: roll(key, 17) < 0.35 ? null : `+1 555 01${String(key % 100).padStart(2, "0")}`,
      mobile: roll(key, 18) < 0.75 ? null : `(555) 010-${String(key % 10_000).padStart(4, "0")}`,
      industry: roll(key, 19) < 0.3 ? null : pick(INDUSTRIES, roll(key, 20)),
      region: roll(key, 21) < 0.1 ? null : accounts.regionOf(accountKey ?? key),
      place: roll(key, 22) < 0.4 ? null : accounts.placeOf(accountKey ?? key),
      source: pickWeighted(SOURCES, roll(key, 23)),
      status: converted ? "Qualified" : leadStatus(roll(key, 24), state.revision),
      score: scoreOf(key, state.revision),
      optedOut: roll(key, 26) < 0.06,
      birthDay: roll(key, 27) < 0.9 ? null : -Math.floor(9000 + roll(key, 28) * 12_000),
      description: freeText(text, key),
      ownerKey: users.pick(roll(key, 29) < 0.6 ? "SDR" : "BDR", roll(key, 30)),
      accountKey,
      convertedAt: converted ? plan.contactAt : null,
      openedOpportunityKey: converted && plan.opensOpportunity ? BY_CONVERSION + key : null,
      wasLead: plan.wasLead,
      createdAt: asContact ? plan.contactAt! : plan.createdAt,
      changedAt: state.changedAt,
      isDeleted: state.isDeleted,
    };
  };
  const emailOf = (twin: number, key: number): string | null => {
    if (key >= SCRIPTED_PEOPLE && roll(key, 16) < 0.03) return null;
    const host = twin % 3 === 0 ? "example.com" : twin % 3 === 1 ? "example.org" : "example.net";
    const name = `person${twin}@${host}`;
    return roll(key, 16) > 0.97 ? name.toUpperCase() : name;
  };
  const scoreOf = (key: number, revision: number): string | null => {
    if (roll(key, 25) < 0.2) return null;
    return decimalText(roll(key, 25) * 90 + 2.5 * revision, key % 7 === 0 ? 4 : 1);
  };

  const tableOf = (asContact: boolean): Table<Person> =>
    makeTable<Person>(
      (emit) => {
        for (let key = 0; key < intake.total; key++) {
          const plan = planOf(key);
          if (asContact ? !isContact(plan) : !plan.wasLead) continue;
          const state = asContact ? contactStateOf(key, plan) : leadStateOf(key, plan);
          emit(key, state.changedAt, state.isDeleted);
        }
      },
      (key) => rowOf(key, asContact),
    );

  let roster: Roster | null = null;
  const contactsOf = (accountKey: number): Uint32Array => {
    roster ??= makeRoster(accounts.intake.total, intake.total, (key) => {
      const plan = planOf(key);
      return isContact(plan) ? plan.accountKey! : -1;
    });
    return roster.keys.subarray(roster.starts[accountKey], roster.starts[accountKey + 1]);
  };
  return {
    intake,
    planOf,
    leadDeletedDayOf,
    contactDeletedDayOf,
    leads: () => tableOf(false),
    contacts: () => tableOf(true),
    contactsOf,
  };
}

interface State {
  readonly changedAt: number;
  readonly isDeleted: boolean;
  readonly revision: number;
}

function neverContact(
  createdDay: number,
  createdAt: number,
  deletedDay: number | null,
): PersonPlan {
  return {
    createdDay,
    createdAt,
    contactDay: null,
    contactAt: null,
    wasLead: true,
    accountKey: null,
    opensOpportunity: false,
    deletedDay,
  };
}

function leadStatus(roll: number, revision: number): string {
  if (revision > 0) return roll < 0.5 ? "Working - Contacted" : "Unqualified";
  return roll < 0.5 ? "Open - Not Contacted" : roll < 0.8 ? "Working - Contacted" : "Nurturing";
}

/** Contacts grouped by account: keys of account a are at `starts[a]` to `starts[a + 1]`. */
interface Roster {
  readonly starts: Uint32Array;
  readonly keys: Uint32Array;
}

function makeRoster(accounts: number, people: number, accountOf: (key: number) => number): Roster {
  const owner = new Int32Array(people);
  const starts = new Uint32Array(accounts + 2);
  for (let key = 0; key < people; key++) {
    const account = accountOf(key);
    owner[key] = account;
    if (account >= 0) starts[account + 2]! += 1;
  }
  for (let i = 2; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const keys = new Uint32Array(starts[accounts + 1]!);
  for (let key = 0; key < people; key++) {
    const account = owner[key]!;
    if (account >= 0) keys[starts[account + 1]!++] = key;
  }
  return { starts, keys };
}

/** The last day of history on which scripted people can still act. */
export const LATE_DAY = HISTORY_DAYS - 6;
