/** The accounts that pay, and whom their invoices go to. */
import type { Accounts, Place } from "../accounts.ts";
import { freeText } from "../awkward-text.ts";
import { DAY, momentOf } from "../calendar.ts";
import type { Clock } from "../clock.ts";
import { pick } from "../dice.ts";
import { makeTable, type Table } from "../table.ts";
import { FIRST_NAMES, LAST_NAMES } from "../words.ts";

export interface Customer {
  /** The key of the account. */
  readonly key: number;
  readonly name: string;
  /** The account in the CRM; null where nobody filled it in, `"nobody"` where it names no account. */
  readonly crm: "account" | "nobody" | null;
  readonly revision: number;
  readonly autoPays: boolean | null;
  readonly notes: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface BillContact {
  /** `account's key * 2`, plus 1 for a second one. */
  readonly key: number;
  readonly accountKey: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly place: Place;
  readonly remarks: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface Customers {
  accounts(): Table<Customer>;
  contacts(): Table<BillContact>;
}

/** @param firstWins when each account won its first opportunity, in milliseconds; 0 for none */
export function makeCustomers(
  clock: Clock,
  accounts: Accounts,
  firstWins: () => Float64Array,
): Customers {
  const roll = clock.dice("customer");
  const text = clock.dice("customer/text");

  /** Each account is looked after every few months. */
  const stateOf = (key: number) => {
    const createdAt = firstWins()[key]! + 60_000;
    const createdDay = clock.lastDay - Math.floor((clock.now - 1 - createdAt) / DAY);
    const firstEdit = createdDay + 15 + Math.floor(roll(key, 1) * 120);
    const period = 70 + Math.floor(roll(key, 2) * 60);
    const revision = Math.max(0, Math.floor((clock.lastDay - firstEdit) / period) + 1);
    const changedAt =
      revision === 0
        ? createdAt
        : momentOf(firstEdit + (revision - 1) * period, roll(key, 2 + revision));
    return { createdAt, createdDay, changedAt, revision };
  };
  const accountOf = (key: number): Customer => {
    const { createdAt, changedAt, revision } = stateOf(key);
    return {
      key,
      name: accounts.nameOf(key),
      crm: key % 17 === 3 ? null : key % 19 === 4 ? "nobody" : "account",
      revision,
      autoPays: roll(key, 50) < 0.25 ? null : roll(key, 51) < 0.5,
      notes: freeText(text, key),
      ...{ createdAt, changedAt, isDeleted: false },
    };
  };
  const goneAtOf = (key: number): number | null => {
    if (key % 2 === 0) return null;
    const day = stateOf(Math.floor(key / 2)).createdDay + 100 + Math.floor(roll(key, 60) * 700);
    return day <= clock.lastDay ? momentOf(day, roll(key, 61)) : null;
  };
  const contactOf = (key: number): BillContact => {
    const accountKey = Math.floor(key / 2);
    const { createdAt } = stateOf(accountKey);
    const goneAt = goneAtOf(key);
    const firstName = pick(FIRST_NAMES, roll(key, 70));
    const lastName = pick(LAST_NAMES, roll(key, 71));
    return {
      key,
      accountKey,
      firstName,
      lastName,
      email: `billing.${key}@${accounts.domainOf(accountKey)}`,
      phone: roll(key, 72) < 0.3 ? null : `+1 555 02${String(key % 100).padStart(2, "0")}`,
      place: accounts.placeOf(accountKey),
      remarks: freeText(text, key + 5),
      createdAt,
      changedAt: goneAt ?? createdAt,
      isDeleted: goneAt !== null,
    };
  };
  const each = (visit: (key: number) => void): void => {
    for (let key = 0; key < accounts.intake.total; key++) if (firstWins()[key]! > 0) visit(key);
  };
  return {
    accounts: () =>
      makeTable<Customer>(
        (emit) => each((key) => emit(key, stateOf(key).changedAt, false)),
        accountOf,
      ),
    contacts: () =>
      makeTable<BillContact>(
        (emit) =>
          each((account) => {
            const { createdAt } = stateOf(account);
            for (const key of roll(account, 52) < 0.4
              ? [account * 2, account * 2 + 1]
              : [account * 2]) {
              const goneAt = goneAtOf(key);
              emit(key, goneAt ?? createdAt, goneAt !== null);
            }
          }),
        contactOf,
      ),
  };
}
