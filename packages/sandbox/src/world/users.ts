/** The company's own staff: account executives, sales and business development, marketing. */
import { DAY, startOfDay } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { pick } from "./dice.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import { CITIES, FIRST_NAMES, LAST_NAMES } from "./words.ts";

export type Role = "AE" | "SDR" | "BDR" | "Marketing";

export interface User {
  readonly key: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role: Role;
  readonly title: string;
  readonly city: string;
  readonly country: string;
  readonly isActive: boolean;
  readonly lastLoginAt: number;
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface Users {
  readonly table: Table<User>;
  /** A user of a role, by a roll in [0, 1). */
  pick(role: Role, roll: number): number;
}

const ROLES: readonly Role[] = ["AE", "SDR", "BDR", "Marketing"];
const TITLES: Readonly<Record<Role, string>> = {
  AE: "Account Executive",
  SDR: "Sales Development Representative",
  BDR: "Business Development Representative",
  Marketing: "Campaign Manager",
};

export function makeUsers(clock: Clock, count: number): Users {
  const roll = clock.dice("user");
  const lifecycle = makeLifecycle(clock.seed, "user", makeIntake(count, 1, 0), 0);
  const createdAtOf = (key: number): number => startOfDay(0) - DAY + 3_600_000 + key * 61_000;
  const changedAtOf = (key: number): number => {
    const edit = lifecycle.editOf(key, 0, clock.lastDay);
    return edit ? startOfDay(edit.day) + 6 * 3_600_000 + key * 1000 : createdAtOf(key);
  };
  const rowOf = (key: number): User => {
    const firstName = pick(FIRST_NAMES, roll(key, 1));
    const lastName = pick(LAST_NAMES, roll(key, 2));
    const place = pick(CITIES, roll(key, 3));
    const role = pick(ROLES, (key % 4) / 4);
    const changedAt = changedAtOf(key);
    return {
      key,
      firstName,
      lastName,
      email: key === 0 ? "demo@bizops.example" : `user${key}@bizops.example`,
      role,
      title: TITLES[role],
      city: place.city,
      country: place.country,
      isActive: key < 8 || roll(key, 4) > 0.15,
      lastLoginAt: changedAt,
      createdAt: createdAtOf(key),
      changedAt,
    };
  };
  const table = makeTable<User>((emit) => {
    for (let key = 0; key < count; key++) emit(key, changedAtOf(key), false);
  }, rowOf);
  const perRole = Math.floor(count / ROLES.length);
  return {
    table,
    pick: (role, at) => Math.floor(at * perRole) * ROLES.length + ROLES.indexOf(role),
  };
}
