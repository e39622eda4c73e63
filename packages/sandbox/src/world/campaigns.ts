/** Marketing campaigns: what they are, when they ran and what they cost. */
import { freeText } from "./awkward-text.ts";
import { HISTORY_DAYS, momentOf, startOfDay } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { decimalText } from "./decimal.ts";
import { bell, pick, pickWeighted } from "./dice.ts";
import type { Intake } from "./intake.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Users } from "./users.ts";
import { CITIES, TOPICS } from "./words.ts";

export interface Campaign {
  readonly key: number;
  readonly name: string;
  /** Also the campaign's type in a CRM: Webinar, Conference, Paid Search, ... */
  readonly channel: Channel;
  readonly status: string;
  readonly startDate: number | null;
  readonly endDate: number | null;
  readonly isActive: boolean;
  readonly budget: string | null;
  readonly cost: string | null;
  readonly expectedRevenue: string | null;
  readonly expectedResponse: string;
  readonly numberSent: string;
  readonly parentKey: number | null;
  readonly description: string | null;
  readonly ownerKey: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

/** Share of campaigns and typical cost of each channel, in the reporting currency. */
const CHANNELS = [
  ["Webinar", 0.22, 4_000],
  ["Conference", 0.14, 26_000],
  ["Paid Search", 0.16, 9_000],
  ["Content Syndication", 0.14, 6_500],
  ["Email", 0.14, 900],
  ["Paid Social", 0.1, 5_000],
  ["Direct Mail", 0.05, 3_000],
  ["Partner", 0.05, 2_500],
] as const;
export type Channel = (typeof CHANNELS)[number][0];

export interface Campaigns {
  readonly intake: Intake;
  channelOf(key: number): Channel;
  table(): Table<Campaign>;
}

export function makeCampaigns(clock: Clock, base: number, users: Users): Campaigns {
  const perDay = Math.max(1 / 7, base / HISTORY_DAYS);
  const intake = makeIntake(base, perDay, clock.step, Math.max(0.1, 9 / base));
  const lifecycle = makeLifecycle(clock.seed, "campaign", intake, 0);
  const roll = clock.dice("campaign");
  const price = clock.dice("campaign/cost");
  const text = clock.dice("campaign/text");

  const channelOf = (key: number): Channel =>
    pickWeighted(
      CHANNELS.map(([name, share]) => [name, share] as const),
      roll(key, 1),
    );
  const stateOf = (key: number) => {
    const createdDay = intake.dayOf(key);
    const createdAt = momentOf(createdDay, roll(key, 2));
    const chance = lifecycle.deletedDayOf(key, createdDay);
    const deletedDay = key === 5 ? Math.min(HISTORY_DAYS - 30, createdDay + 200) : chance;
    const isDeleted = deletedDay !== null && deletedDay <= clock.lastDay;
    const lastDay = isDeleted ? deletedDay - 1 : clock.lastDay;
    const startDay = createdDay + Math.floor(roll(key, 5) * 21);
    const length = channelOf(key) === "Webinar" ? 1 : 2 + Math.floor(roll(key, 6) * 60);
    const endDay = startDay + length;
    const edit = lifecycle.editOf(key, createdDay, lastDay);
    let changedAt = edit ? momentOf(edit.day, roll(key, 3)) : createdAt;
    for (const day of [startDay, endDay]) {
      if (day <= lastDay) changedAt = Math.max(changedAt, momentOf(day, roll(key, 18)));
    }
    if (isDeleted) changedAt = momentOf(deletedDay, roll(key, 4));
    const started = startDay <= lastDay;
    const ended = endDay <= lastDay;
    const revision = edit?.revision ?? 0;
    return { startDay, endDay, started, ended, createdAt, changedAt, isDeleted, revision };
  };
  const costOf = (key: number, channel: Channel, revision: number): string | null => {
    if (key === 3) return "0.0";
    if (key === 4 || (key > 5 && price(key) < 0.06)) return null;
    if (price(key) < 0.1) return "0.0";
    const typical = CHANNELS.find(([name]) => name === channel)![2];
    const paid = typical * Math.exp(0.5 * bell(price, key)) * (1 + 0.02 * Math.min(revision, 5));
    return decimalText(paid, 2 + (key % 3));
  };
  const rowOf = (key: number): Campaign => {
    const state = stateOf(key);
    const channel = channelOf(key);
    const { startDay, endDay, started, ended } = state;
    const cost = costOf(key, channel, state.revision);
    return {
      key,
      name: nameOf(key, channel, startDay),
      channel,
      status: key === 6 ? "Aborted" : ended ? "Completed" : started ? "In Progress" : "Planned",
      startDate: key === 7 ? null : startOfDay(startDay),
      endDate: roll(key, 8) < 0.1 ? null : startOfDay(endDay),
      isActive: !ended,
      budget: roll(key, 9) < 0.2 ? null : decimalText(Number(cost ?? 1000) * 1.1, 2),
      cost,
      expectedRevenue: roll(key, 10) < 0.5 ? null : decimalText(Number(cost ?? 0) * 6, 2),
      expectedResponse: decimalText(roll(key, 11) * 20, 2),
      numberSent: decimalText(Math.floor(roll(key, 12) * 5000), 1),
      parentKey: key > 12 && roll(key, 13) < 0.15 ? Math.floor(roll(key, 14) * 5) : null,
      description: freeText(text, key),
      ownerKey: users.pick("Marketing", roll(key, 15)),
      createdAt: state.createdAt,
      changedAt: state.changedAt,
      isDeleted: state.isDeleted,
    };
  };
  const nameOf = (key: number, channel: Channel, startDay: number): string => {
    const start = new Date(startOfDay(startDay));
    const quarter = `${start.getUTCFullYear()}-Q${Math.floor(start.getUTCMonth() / 3) + 1}`;
    const place = channel === "Conference" ? ` ${pick(CITIES, roll(key, 16)).city}` : "";
    return `${quarter} ${channel}${place}: ${pick(TOPICS, roll(key, 17))} #${key + 1}`;
  };
  const table = (): Table<Campaign> =>
    makeTable<Campaign>((emit) => {
      for (let key = 0; key < intake.total; key++) {
        const state = stateOf(key);
        emit(key, state.changedAt, state.isDeleted);
      }
    }, rowOf);
  return { intake, channelOf, table };
}
