/** Calls, e-mails and to-dos of the staff with people, some about an opportunity. */
import { freeText } from "./awkward-text.ts";
import { HISTORY_DAYS, momentOf, startOfDay } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { pick } from "./dice.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { People } from "./people.ts";
import { rowsPerDay } from "./scale.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Users } from "./users.ts";

/** Finished activities are archived after this many days. */
const ARCHIVED_AFTER = 365;

export interface Activity {
  readonly key: number;
  readonly kind: string;
  readonly subject: string;
  readonly status: string;
  readonly isDone: boolean;
  readonly isHighPriority: boolean;
  readonly dueOn: number | null;
  readonly description: string | null;
  readonly personKey: number;
  readonly isContact: boolean;
  readonly accountKey: number | null;
  readonly callSeconds: number | null;
  readonly ownerKey: number;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly changedAt: number;
  readonly isArchived: boolean;
  readonly isDeleted: boolean;
}

const KINDS = ["Call", "Email", "Meeting", "Other"] as const;

export interface Activities {
  table(): Table<Activity>;
  /** Whether an activity has left the everyday lists; archiving does not count as a change. */
  isArchived(key: number): boolean;
}

export function makeActivities(
  clock: Clock,
  base: number,
  people: People,
  users: Users,
): Activities {
  const intake = makeIntake(base, rowsPerDay(base, 1), clock.step);
  const lifecycle = makeLifecycle(clock.seed, "activity", intake, 1);
  const roll = clock.dice("activity");
  const text = clock.dice("activity/text");

  const stateOf = (key: number) => {
    const createdDay = intake.dayOf(key);
    const createdAt = momentOf(createdDay, roll(key, 1));
    const deletedDay = lifecycle.deletedDayOf(key, createdDay);
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    const doneDay = roll(key, 2) < 0.85 ? createdDay + Math.floor(roll(key, 3) * 14) : null;
    const lastDay = isDeleted ? deletedDay - 1 : clock.lastDay;
    const isDone = doneDay !== null && doneDay <= lastDay;
    const edit = lifecycle.editOf(key, createdDay, lastDay);
    let changedAt = createdAt;
    if (isDone && doneDay > createdDay) changedAt = momentOf(doneDay, roll(key, 4));
    if (edit) changedAt = Math.max(changedAt, momentOf(edit.day, roll(key, 5)));
    const completedAt = isDone ? Math.max(createdAt, momentOf(doneDay, roll(key, 4))) : null;
    if (isDeleted) changedAt = momentOf(deletedDay, roll(key, 6));
    return { createdDay, createdAt, changedAt, completedAt, isDeleted, isDone };
  };
  const isArchived = (key: number): boolean => {
    const createdDay = intake.dayOf(key);
    return createdDay < HISTORY_DAYS + clock.step - ARCHIVED_AFTER && stateOf(key).isDone;
  };
  const rowOf = (key: number): Activity => {
    const state = stateOf(key);
    const personKey = Math.floor(
      roll(key, 7) * Math.max(1, people.intake.countThrough(state.createdDay)),
    );
    const person = people.planOf(personKey);
    const isContact = person.contactDay !== null && person.contactDay <= state.createdDay;
    const kind = pick(KINDS, roll(key, 8));
    return {
      key,
      kind,
      subject: `${kind}: ${roll(key, 9) < 0.5 ? "follow up" : "introduction"}`,
      status: state.isDone ? "Completed" : "Not Started",
      isDone: state.isDone,
      isHighPriority: roll(key, 10) < 0.1,
      dueOn: roll(key, 11) < 0.1 ? null : startOfDay(state.createdDay + 7),
      description: freeText(text, key),
      personKey,
      isContact,
      accountKey: isContact ? person.accountKey : null,
      callSeconds: kind === "Call" ? Math.floor(roll(key, 12) * 1800) : null,
      ownerKey: users.pick(roll(key, 13) < 0.5 ? "SDR" : "AE", roll(key, 14)),
      createdAt: state.createdAt,
      completedAt: state.completedAt,
      changedAt: state.changedAt,
      isArchived: isArchived(key),
      isDeleted: state.isDeleted,
    };
  };
  const table = (): Table<Activity> =>
    makeTable<Activity>((emit) => {
      for (let key = 0; key < intake.total; key++) {
        const state = stateOf(key);
        emit(key, state.changedAt, state.isDeleted);
      }
    }, rowOf);
  return { table, isArchived };
}
