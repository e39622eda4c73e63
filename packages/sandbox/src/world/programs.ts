/** What marketing runs: programs that mirror sales' campaigns, programs of its own, what they cost and what is in them. */
import { HISTORY_DAYS, momentOf, monthAfterStart, monthOf, startOfDay } from "./calendar.ts";
import type { Campaign, Campaigns } from "./campaigns.ts";
import type { Clock } from "./clock.ts";
import { pick } from "./dice.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import { TOPICS } from "./words.ts";

/** Each campaign takes this many keys: its mirror, and a program of marketing's own of the same day. */
const KEYS_PER_CAMPAIGN = 2;
const MIRROR = 0;
/** For how many months a program is paid for, at most. */
const LONGEST_MONTHS = 4;
const OWN_CHANNELS = ["Web Content", "Operational", "Nurture", "Blog"] as const;

export interface ProgramCost {
  /** Start of the month, milliseconds since 1970. */
  readonly month: number;
  readonly amount: number;
  readonly note: string | null;
}

export interface Program {
  readonly key: number;
  readonly name: string;
  readonly description: string | null;
  readonly channel: string;
  /** The campaign of sales' system that it mirrors. */
  readonly campaign: Campaign | null;
  readonly costs: readonly ProgramCost[];
  readonly region: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface Programs {
  table(): Table<Program>;
  /** The program that mirrors a campaign; null if none does. */
  mirrorOf(campaignKey: number): number | null;
  /** A program of marketing's own that existed on a day; null if there was none. */
  pickOwn(day: number, roll: number): number | null;
}

/** @param campaignTable the campaigns as they are now */
export function makePrograms(
  clock: Clock,
  campaigns: Campaigns,
  campaignTable: () => Table<Campaign>,
): Programs {
  const { intake } = campaigns;
  const roll = clock.dice("program");

  const exists = (key: number): boolean => {
    const campaign = Math.floor(key / KEYS_PER_CAMPAIGN);
    if (key % KEYS_PER_CAMPAIGN === MIRROR) return campaign < 8 || roll(key, 1) < 0.8;
    return campaign < 3 || roll(key, 1) < 0.3;
  };
  const createdAtOf = (key: number): number => {
    const campaign = Math.floor(key / KEYS_PER_CAMPAIGN);
    return momentOf(intake.dayOf(campaign), roll(key, 2));
  };
  /** The months paid for so far, each booked on its first day or when the program is made. */
  const costsOf = (key: number): readonly (ProgramCost & { readonly bookedAt: number })[] => {
    const createdDay = intake.dayOf(Math.floor(key / KEYS_PER_CAMPAIGN));
    const count = costCount(key, roll(key, 3));
    const first = monthOf(createdDay);
    return Array.from({ length: count }, (_none, n) => {
      const { startDay } = monthAfterStart(first + n);
      const day = Math.max(startDay, createdDay);
      const amount = key === 4 ? 0 : Math.round(250 + roll(key, 10 + n) * 9000);
      const bookedAt = Math.max(momentOf(day, roll(key, 20 + n)), createdAtOf(key));
      const note = n === 0 ? null : `Invoice ${key}-${n + 1}, "media"`;
      return { month: startOfDay(startDay), amount, note, bookedAt, day };
    }).filter(({ day }) => day <= clock.lastDay);
  };
  const editOf = (key: number): number => {
    const createdDay = intake.dayOf(Math.floor(key / KEYS_PER_CAMPAIGN));
    const day = createdDay + 1 + Math.floor(roll(key, 4) * 60);
    return day <= clock.lastDay ? momentOf(day, roll(key, 5)) : 0;
  };
  const campaignOf = (key: number): Campaign | null => {
    if (key % KEYS_PER_CAMPAIGN !== MIRROR) return null;
    const table = campaignTable();
    return table.row(table.find(key / KEYS_PER_CAMPAIGN));
  };
  const changedAtOf = (key: number): number => {
    const mirrored = key % KEYS_PER_CAMPAIGN === MIRROR ? campaignChangedAt(key) : 0;
    const booked = costsOf(key).map(({ bookedAt }) => bookedAt);
    return Math.max(createdAtOf(key), editOf(key), mirrored, ...booked);
  };
  const campaignChangedAt = (key: number): number => {
    const table = campaignTable();
    return table.changedAt(table.find(key / KEYS_PER_CAMPAIGN));
  };
  const rowOf = (key: number): Program => {
    const campaign = campaignOf(key);
    const channel = campaign?.channel ?? pick(OWN_CHANNELS, roll(key, 6));
    const topic = pick(TOPICS, roll(key, 7));
    return {
      key,
      name: campaign?.name ?? `${channel}: ${topic} ${key}`,
      description: editOf(key) > 0 ? `About ${topic}.\nSecond line, "quoted".` : null,
      channel,
      campaign,
      costs: costsOf(key).map(({ month, amount, note }) => ({ month, amount, note })),
      region: pick(["AMER", "EMEA", "APAC"], roll(key, 8)),
      createdAt: createdAtOf(key),
      changedAt: changedAtOf(key),
      isDeleted: false,
    };
  };
  const table = (): Table<Program> =>
    makeTable<Program>((emit) => {
      for (let key = 0; key < intake.total * KEYS_PER_CAMPAIGN; key++) {
        if (exists(key)) emit(key, changedAtOf(key), false);
      }
    }, rowOf);
  const mirrorOf = (campaignKey: number): number | null => {
    const key = campaignKey * KEYS_PER_CAMPAIGN + MIRROR;
    return exists(key) ? key : null;
  };
  const pickOwn = (day: number, at: number): number | null => {
    const known = intake.countThrough(Math.min(day, HISTORY_DAYS + clock.step));
    // The first three always have one, so the search ends.
    for (let campaign = Math.floor(at * known); campaign >= 0; campaign--) {
      const key = campaign * KEYS_PER_CAMPAIGN + 1;
      if (exists(key)) return key;
    }
    return null;
  };
  return { table, mirrorOf, pickOwn };
}

/** Program 0 is paid for in many months, 2 never, 4 once with zero. */
function costCount(key: number, roll: number): number {
  const scripted = { 0: LONGEST_MONTHS, 2: 0, 4: 1 }[key];
  return scripted ?? Math.floor(roll * (LONGEST_MONTHS + 1));
}
