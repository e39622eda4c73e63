/** Companies: prospects and customers, some deleted, some subsidiaries of others. */
import { freeText } from "./awkward-text.ts";
import { momentOf } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { decimalText } from "./decimal.ts";
import { bell, pick, pickWeighted } from "./dice.ts";
import type { Intake } from "./intake.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import { rowsPerDay } from "./scale.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Users } from "./users.ts";
import {
  CITIES,
  COMPANY_HEADS,
  COMPANY_TAILS,
  COMPANY_TRADES,
  INDUSTRIES,
  STREETS,
} from "./words.ts";

export interface Place {
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface Account {
  readonly key: number;
  readonly name: string;
  readonly domain: string;
  readonly type: string | null;
  readonly industry: string | null;
  readonly region: string;
  readonly employees: number | null;
  /** Decimal text, as are all amounts. */
  readonly annualRevenue: string | null;
  readonly phone: string | null;
  readonly place: Place;
  readonly description: string | null;
  readonly ownerKey: number;
  readonly parentKey: number | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface Accounts {
  readonly intake: Intake;
  table(): Table<Account>;
  nameOf(key: number): string;
  domainOf(key: number): string;
  placeOf(key: number): Place;
  regionOf(key: number): string;
  ownerOf(key: number): number;
  /** An account that existed before a day and is not deleted by then. */
  pickOn(day: number, roll: number): number;
  /** Accounts that stay for good; opportunities belong to these alone, as deleting one would take them along. */
  isLasting(key: number): boolean;
  deletedDayOf(key: number): number | null;
}

/** @param firstWinDayOf the day on which an account became a customer; null for prospects */
export function makeAccounts(
  clock: Clock,
  base: number,
  users: Users,
  firstWinAtOf: (key: number) => number | null,
): Accounts {
  const intake = makeIntake(base, rowsPerDay(base, 1), clock.step, 0.2);
  const lifecycle = makeLifecycle(clock.seed, "account", intake, 7);
  const roll = clock.dice("account");
  const size = clock.dice("account/size");
  const text = clock.dice("account/text");

  const isLasting = (key: number): boolean => key % 5 !== 4;
  const deletedDayOf = (key: number): number | null =>
    isLasting(key) ? null : lifecycle.deletedDayOf(key, intake.dayOf(key));
  const nameOf = (key: number): string => {
    const tail = roll(key, 3) < 0.6 ? ` ${pick(COMPANY_TAILS, roll(key, 4))}` : "";
    const twin = key >= COMPANY_HEADS.length * COMPANY_TRADES.length ? ` ${key}` : "";
    return `${pick(COMPANY_HEADS, roll(key, 1))} ${pick(COMPANY_TRADES, roll(key, 2))}${twin}${tail}`;
  };
  const placeOf = (key: number): Place => {
    const at = pick(CITIES, roll(key, 5));
    if (roll(key, 6) < 0.08) return NOWHERE;
    const street = `${1 + Math.floor(roll(key, 7) * 200)} ${pick(STREETS, roll(key, 8))}`;
    return {
      street: roll(key, 9) < 0.1 ? `${street}\nFloor ${key % 30}` : street,
      city: at.city,
      state: at.state || null,
      postalCode: at.code,
      country: at.country,
      latitude: roll(key, 10) < 0.5 ? at.lat : null,
      longitude: roll(key, 10) < 0.5 ? at.lng : null,
    };
  };
  const stateOf = (key: number) => {
    const createdDay = intake.dayOf(key);
    const createdAt = momentOf(createdDay, roll(key, 11));
    const deletedDay = deletedDayOf(key);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    const lastDay = isDeleted ? deletedDay - 1 : clock.lastDay;
    const edit = lifecycle.editOf(key, createdDay, lastDay);
    const wonAt = firstWinAtOf(key);
    let changedAt = createdAt;
    if (edit) changedAt = Math.max(changedAt, momentOf(edit.day, roll(key, 12)));
    if (wonAt !== null) changedAt = Math.max(changedAt, wonAt);
    if (isDeleted) changedAt = momentOf(deletedDay, roll(key, 13));
    return { createdAt, changedAt, isDeleted, revision: edit?.revision ?? 0, wonAt };
  };
  const domainOf = (key: number): string => `company${key}.example`;
  const ownerOf = (key: number): number => users.pick("AE", roll(key, 14));
  const regionOf = (key: number): string => pick(CITIES, roll(key, 5)).region;

  const rowOf = (key: number): Account => {
    const state = stateOf(key);
    const employees = Math.max(3, Math.round(Math.exp(4.6 + 1.4 * bell(size, key))));
    return {
      key,
      name: nameOf(key),
      domain: domainOf(key),
      type:
        state.wonAt !== null
          ? "Customer"
          : pickWeighted(
              [
                ["Prospect", 0.85],
                ["Partner", 0.07],
                [null, 0.08],
              ],
              roll(key, 15),
            ),
      industry: roll(key, 16) < 0.1 ? null : pick(INDUSTRIES, roll(key, 17)),
      region: regionOf(key),
      employees: roll(key, 18) < 0.15 ? null : employees + 3 * state.revision,
      annualRevenue: roll(key, 19) < 0.3 ? null : decimalText(employees * 143_217.375, 2),
      phone: roll(key, 20) < 0.2 ? null : `+1 555 01${String(key % 100).padStart(2, "0")}`,
      place: placeOf(key),
      description: freeText(text, key),
      ownerKey: ownerOf(key),
      parentKey: key > 40 && roll(key, 21) < 0.06 ? Math.floor(roll(key, 22) * 8) * 5 : null,
      createdAt: state.createdAt,
      changedAt: state.changedAt,
      isDeleted: state.isDeleted,
    };
  };
  const table = (): Table<Account> =>
    makeTable<Account>((emit) => {
      for (let key = 0; key < intake.total; key++) {
        const state = stateOf(key);
        emit(key, state.changedAt, state.isDeleted);
      }
    }, rowOf);

  const pickOn = (day: number, at: number): number => {
    const count = Math.max(1, intake.countThrough(day - 1));
    const key = Math.floor(at ** 1.3 * count);
    const deletedDay = deletedDayOf(key);
    return deletedDay !== null && deletedDay <= day ? key - 4 : key;
  };
  return {
    intake,
    table,
    nameOf,
    domainOf,
    placeOf,
    regionOf,
    ownerOf,
    pickOn,
    isLasting,
    deletedDayOf,
  };
}

const NOWHERE: Place = {
  street: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
  latitude: null,
  longitude: null,
};
