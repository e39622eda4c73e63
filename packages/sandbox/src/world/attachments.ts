/** Small files hung on accounts. */
import type { Accounts } from "./accounts.ts";
import { momentOf } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";

export interface Attachment {
  readonly key: number;
  readonly accountKey: number;
  readonly name: string;
  readonly contentType: string;
  readonly content: string;
  readonly isPrivate: boolean;
  readonly ownerKey: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export function makeAttachments(
  clock: Clock,
  base: number,
  accounts: Accounts,
): { table(): Table<Attachment> } {
  const intake = makeIntake(base, 1 / 5, clock.step);
  const lifecycle = makeLifecycle(clock.seed, "attachment", intake, 0);
  const roll = clock.dice("attachment");

  const stateOf = (key: number) => {
    const createdDay = intake.dayOf(key);
    const createdAt = momentOf(createdDay, roll(key, 1));
    const deletedDay = lifecycle.deletedDayOf(key, createdDay);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    return {
      createdDay,
      createdAt,
      changedAt: isDeleted ? momentOf(deletedDay, roll(key, 2)) : createdAt,
      isDeleted,
    };
  };
  const rowOf = (key: number): Attachment => {
    const { createdDay, ...state } = stateOf(key);
    const accountKey = accounts.pickOn(createdDay, roll(key, 3));
    return {
      key,
      accountKey,
      name: `notes-${key}.txt`,
      contentType: "text/plain",
      content: `Notes no. ${key}\n`.repeat(1 + (key % 5)),
      isPrivate: false,
      ownerKey: accounts.ownerOf(accountKey),
      ...state,
    };
  };
  const table = (): Table<Attachment> =>
    makeTable<Attachment>((emit) => {
      for (let key = 0; key < intake.total; key++) {
        const state = stateOf(key);
        emit(key, state.changedAt, state.isDeleted);
      }
    }, rowOf);
  return { table };
}
