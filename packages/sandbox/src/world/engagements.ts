/** What leads do and what is done to them: visits, forms, e-mails, progress in programs, merges, deletions. Never changed once there. */
import { momentOf } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { pick, pickWeighted } from "./dice.ts";
import type { MarketingLeadPlan, MarketingLeads } from "./marketing-leads.ts";
import type { Programs } from "./programs.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import type { Touch } from "./touches.ts";
import { TOPICS } from "./words.ts";

const MINUTE = 60_000;
/** Touches a person has at most, and what each can lead to. */
const TOUCHES = 8;
const OF_TOUCH = ["progressed", "progressed", "sent", "delivered", "opened", "clicked"] as const;
const VISITS = 6;
const OF_VISIT = ["visited", "followed", "filled"] as const;
const OF_LIFE = ["created", "changed", "changed", "noted", "merged", "deleted"] as const;

export type EngagementKind =
  | (typeof OF_TOUCH)[number]
  | (typeof OF_VISIT)[number]
  | (typeof OF_LIFE)[number];

const FIRST_VISIT = TOUCHES * OF_TOUCH.length;
const FIRST_OF_LIFE = FIRST_VISIT + VISITS * OF_VISIT.length;

/** What happens at each place of a lead's keys. */
const KINDS: readonly EngagementKind[] = [
  ...Array.from({ length: TOUCHES }, () => OF_TOUCH).flat(),
  ...Array.from({ length: VISITS }, () => OF_VISIT).flat(),
  ...OF_LIFE,
];

export interface Engagement {
  readonly key: number;
  readonly leadKey: number;
  readonly kind: EngagementKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The program it happened in. */
  readonly programKey: number | null;
  /** Path of a page, now and then with a query string. */
  readonly page: string | null;
  readonly status: string | null;
  readonly formerStatus: string | null;
  readonly otherLeadKey: number | null;
  readonly ipAddress: string;
  readonly userAgent: string;
  /** In [0, 1): for whoever shows it and has to choose. */
  readonly chance: number;
}

export interface Engagements {
  table(): Table<Engagement>;
  kindOf(key: number): EngagementKind;
}

/** The part of an engagement that its place decides. */
type Event = Pick<Engagement, "at"> &
  Partial<Pick<Engagement, "programKey" | "page" | "status" | "formerStatus" | "otherLeadKey">>;

const QUERIES = [
  ["", 0.6],
  ["?utm_source=newsletter&utm_medium=email", 0.2],
  ["?mkt_tok=sandbox-token-MARKED&email=visitor%40example.com", 0.1],
  ['?q=日本語,"quoted"', 0.1],
] as const;
const AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64) Sandbox/1.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X) Sandbox/1.0",
  "Sandbox Mobile/2.1",
] as const;

export function makeEngagements(
  clock: Clock,
  leads: MarketingLeads,
  touches: () => Table<Touch>,
  programs: Programs,
): Engagements {
  const roll = clock.dice("engagement");

  const ofTouch = (lead: MarketingLeadPlan, slot: number): Event | null => {
    if (lead.kind !== "own") return null;
    const position = touches().find(lead.personKey * TOUCHES + Math.floor(slot / OF_TOUCH.length));
    if (position < 0) return null;
    const touch = touches().row(position);
    const programKey = programs.mirrorOf(touch.campaignKey);
    if (programKey === null) return null;
    const first = formerOf(touch);
    switch (slot % OF_TOUCH.length) {
      case 0:
        return { at: touch.createdAt, programKey, status: first, formerStatus: "Not in Program" };
      case 1:
        if (!touch.hasResponded) return null;
        return {
          at: Math.max(touch.createdAt + MINUTE, touch.respondedOn! + 12 * 60 * MINUTE),
          programKey,
          status: touch.status,
          formerStatus: first,
        };
      default: {
        const chance = roll(touch.key, 1);
        const share = [1, 0.97, 0.55, 0.2][(slot % OF_TOUCH.length) - 2]!;
        if (chance >= share || roll(touch.key, 2) < 0.3) return null;
        const minutes = [1, 2, 45, 46][(slot % OF_TOUCH.length) - 2]!;
        return { at: touch.createdAt + minutes * MINUTE, programKey };
      }
    }
  };
  const ofVisit = (lead: MarketingLeadPlan, slot: number): Event | null => {
    const key = lead.key * VISITS + Math.floor(slot / OF_VISIT.length);
    const count = lead.key === 0 ? VISITS : Math.floor(roll(key, 3) ** 2 * 3);
    if (Math.floor(slot / OF_VISIT.length) >= Math.max(count, lead.kind === "stranger" ? 1 : 0)) {
      return null;
    }
    const day = lead.createdDay + Math.floor(roll(key, 4) ** 2 * 300);
    const at = momentOf(day, roll(key, 5));
    const step = slot % OF_VISIT.length;
    if (step === 1 && roll(key, 6) > 0.4) return null;
    if (step === 2 && roll(key, 7) > 0.3) return null;
    const topic = pick(TOPICS, roll(key, 8))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-");
    const page = `/resources/${topic}.html${pickWeighted(QUERIES, roll(key, 9))}`;
    const programKey = roll(key, 10) < 0.5 ? programs.pickOwn(day, roll(key, 11)) : null;
    return { at: at + step * 3 * MINUTE, programKey, page };
  };
  const ofLife = (lead: MarketingLeadPlan, slot: number): Event | null => {
    const { key, createdDay } = lead;
    switch (slot) {
      case 0:
        return { at: lead.createdAt };
      case 1:
      case 2: {
        if (roll(key, 20 + slot) > 0.4) return null;
        const day = createdDay + 1 + Math.floor(roll(key, 30 + slot) * 200);
        return { at: momentOf(day, roll(key, 40 + slot)), status: "Nurturing", formerStatus: null };
      }
      case 3: {
        if (roll(key, 50) > 0.2) return null;
        const day = createdDay + Math.floor(roll(key, 51) * 90);
        const programKey = programs.pickOwn(day, roll(key, 52));
        return { at: momentOf(day, roll(key, 53)), programKey };
      }
      case 4: {
        const twin = leads.twinOf(key);
        return twin?.goneAt == null ? null : { at: twin.goneAt, otherLeadKey: twin.key };
      }
      default:
        return lead.goneAt === null || lead.mergedInto !== null ? null : { at: lead.goneAt };
    }
  };
  const eventOf = (lead: MarketingLeadPlan, slot: number): Event | null => {
    if (slot < FIRST_VISIT) return ofTouch(lead, slot);
    if (slot < FIRST_OF_LIFE) return ofVisit(lead, slot - FIRST_VISIT);
    return ofLife(lead, slot - FIRST_OF_LIFE);
  };
  const rowOf = (key: number): Engagement => {
    const lead = leads.planOf(Math.floor(key / KINDS.length))!;
    const event = eventOf(lead, key % KINDS.length)!;
    return {
      key,
      leadKey: lead.key,
      kind: KINDS[key % KINDS.length]!,
      programKey: null,
      page: null,
      status: null,
      formerStatus: null,
      otherLeadKey: null,
      ipAddress: leads.ipAddressOf(lead.key),
      userAgent: pick(AGENTS, roll(lead.key, 60)),
      chance: roll(key, 61),
      ...event,
    };
  };
  const table = (): Table<Engagement> =>
    makeTable<Engagement>((emit) => {
      for (let key = 0; key < leads.keys; key++) {
        const lead = leads.planOf(key);
        if (lead === null || lead.createdDay > clock.lastDay) continue;
        for (let slot = 0; slot < KINDS.length; slot++) {
          const at = eventOf(lead, slot)?.at;
          const isLast = slot === KINDS.length - 1;
          if (at === undefined || at >= clock.now) continue;
          // Nothing happens to a lead that is gone but its going.
          if (!isLast && lead.goneAt !== null && at >= lead.goneAt) continue;
          emit(key * KINDS.length + slot, at, false);
        }
      }
    }, rowOf);
  return { table, kindOf: (key) => KINDS[key % KINDS.length]! };
}

/** What the person was before the response. */
function formerOf({ status }: Touch): string {
  return status === "Attended" || status === "Registered" ? "Registered" : "Sent";
}
