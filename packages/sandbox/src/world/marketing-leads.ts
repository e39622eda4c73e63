/** People as the marketing system knows them: most from sales' own system, some strangers, some twice, some merged or deleted. */
import { momentOf } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import { pick, pickWeighted } from "./dice.ts";
import { makeLifecycle } from "./lifecycle.ts";
import type { People, Person } from "./people.ts";
import { SCRIPTED_PEOPLE } from "./people.ts";
import type { Table } from "./table.ts";
import { makeTable } from "./table.ts";
import { COMPANY_HEADS, COMPANY_TRADES, FIRST_NAMES, LAST_NAMES } from "./words.ts";

/** Each person takes this many keys: their lead, a second one of theirs, a stranger of the same day. */
const KEYS_PER_PERSON = 3;
const OWN = 0;
const TWIN = 1;

/** Where the lead was first seen. */
const SOURCE_TYPES = [
  ["Web form fillout", 0.45],
  ["salesforce.com", 0.3],
  ["List import", 0.2],
  ["Web page visit", 0.05],
] as const;

/** What will become of a lead, independent of how far the clock has come. */
export interface MarketingLeadPlan {
  readonly key: number;
  readonly personKey: number;
  readonly kind: "own" | "twin" | "stranger";
  readonly createdDay: number;
  readonly createdAt: number;
  /** The day on which the lead disappears. */
  readonly goneDay: number | null;
  readonly goneAt: number | null;
  /** It disappears because it is merged into this lead. */
  readonly mergedInto: number | null;
}

export interface MarketingLead {
  readonly key: number;
  /** The person of sales' system behind it, with a link or only by the same e-mail; null for strangers. */
  readonly person: Person | null;
  /** Sales' system and this one know that they mean the same person. */
  readonly isLinked: boolean;
  readonly isContact: boolean;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly email: string | null;
  readonly company: string;
  readonly sourceType: string;
  readonly referrer: string | null;
  readonly ipAddress: string;
  readonly score: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface MarketingLeads {
  /** How many keys there can be; not all exist. */
  readonly keys: number;
  planOf(key: number): MarketingLeadPlan | null;
  /** The lead that the person's second one is merged into it, if there ever is one. */
  twinOf(key: number): MarketingLeadPlan | null;
  ipAddressOf(key: number): string;
  table(): Table<MarketingLead>;
}

export function makeMarketingLeads(
  clock: Clock,
  people: People,
  leads: () => Table<Person>,
  contacts: () => Table<Person>,
): MarketingLeads {
  const lifecycle = makeLifecycle(clock.seed, "marketing-lead", people.intake, 2);
  const roll = clock.dice("marketing-lead");
  const keys = people.intake.total * KEYS_PER_PERSON;

  const exists = (personKey: number, slot: number): boolean => {
    if (slot === OWN) return personKey < SCRIPTED_PEOPLE || roll(personKey, 1) < 0.92;
    if (slot === TWIN)
      return personKey === 9 || (roll(personKey, 1) < 0.92 && roll(personKey, 2) < 0.02);
    return personKey < 4 || roll(personKey, 3) < 0.12;
  };
  const planOf = (key: number): MarketingLeadPlan | null => {
    const personKey = Math.floor(key / KEYS_PER_PERSON);
    const slot = key % KEYS_PER_PERSON;
    if (!exists(personKey, slot)) return null;
    const person = people.planOf(personKey);
    const wait = slot === TWIN ? 1 + Math.floor(roll(key, 4) * 20) : 0;
    const createdDay = person.createdDay + wait;
    const createdAt = slot === OWN ? person.createdAt : momentOf(createdDay, roll(key, 5));
    const goneDay = goneDayOf(personKey, slot, createdDay, roll(key, 6));
    return {
      key,
      personKey,
      kind: slot === OWN ? "own" : slot === TWIN ? "twin" : "stranger",
      createdDay,
      createdAt,
      goneDay,
      goneAt: goneDay === null ? null : momentOf(goneDay, roll(key, 7)),
      mergedInto: slot === TWIN ? personKey * KEYS_PER_PERSON : null,
    };
  };
  const goneDayOf = (person: number, slot: number, createdDay: number, chance: number) => {
    if (slot === TWIN) return createdDay + 3 + Math.floor(chance * 60);
    if (slot !== OWN) return chance < 0.03 ? createdDay + 30 + Math.floor(chance * 9000) : null;
    // Whoever has a second lead stays for it to be merged into.
    return exists(person, TWIN) ? null : lifecycle.deletedDayOf(person, createdDay);
  };
  const twinOf = (key: number): MarketingLeadPlan | null =>
    key % KEYS_PER_PERSON === OWN ? planOf(key + TWIN) : null;

  const isGone = ({ goneDay }: MarketingLeadPlan): boolean =>
    goneDay !== null && goneDay <= clock.lastDay;
  /** Strangers and second leads change only once, a week after they came in. */
  const stateOf = (plan: MarketingLeadPlan) => {
    const { key, personKey } = plan;
    if (isGone(plan)) return { changedAt: plan.goneAt!, revision: 0 };
    if (plan.kind !== "own") {
      const day = plan.createdDay + 7;
      const isChanged = day <= clock.lastDay;
      const changedAt = isChanged ? momentOf(day, roll(key, 8)) : plan.createdAt;
      return { changedAt, revision: isChanged ? 1 : 0 };
    }
    const edit = lifecycle.editOf(personKey, plan.createdDay, clock.lastDay);
    const twin = twinOf(key);
    const merged = twin !== null && isGone(twin) ? twin.goneAt! : 0;
    const edited = edit ? momentOf(edit.day, roll(key, 8)) : plan.createdAt;
    const changedAt = Math.max(edited, merged, personChangedAt(personKey), plan.createdAt);
    return { changedAt, revision: (edit?.revision ?? 0) + (merged > 0 ? 1 : 0) };
  };
  const personChangedAt = (personKey: number): number => {
    const [asLead, asContact] = [leads(), contacts()].map((table) => {
      const position = table.find(personKey);
      return position < 0 ? 0 : table.changedAt(position);
    });
    return Math.max(asLead!, asContact!);
  };
  const personOf = (personKey: number): { person: Person; isContact: boolean } => {
    const asContact = contacts().find(personKey);
    if (asContact >= 0) return { person: contacts().row(asContact), isContact: true };
    return { person: leads().row(leads().find(personKey)), isContact: false };
  };
  const ipAddressOf = (key: number): string => `192.0.2.${key % 254}`;

  const rowOf = (key: number): MarketingLead => {
    const plan = planOf(key)!;
    const { changedAt, revision } = stateOf(plan);
    const known = plan.kind === "stranger" ? null : personOf(plan.personKey);
    const person = known?.person ?? null;
    const stranger = `${pick(COMPANY_HEADS, roll(key, 9))} ${pick(COMPANY_TRADES, roll(key, 10))}`;
    return {
      key,
      person,
      isLinked: plan.kind === "own" && (plan.personKey < SCRIPTED_PEOPLE || roll(key, 11) < 0.9),
      isContact: known?.isContact ?? false,
      firstName: person ? person.firstName : pick(FIRST_NAMES, roll(key, 12)),
      lastName: person ? person.lastName : pick(LAST_NAMES, roll(key, 13)),
      email: person ? person.email : `visitor${key}@example.net`,
      company: person ? person.company : stranger,
      sourceType: pickWeighted(SOURCE_TYPES, roll(key, 14)),
      referrer: roll(key, 15) < 0.5 ? null : `https://search.example/?q=person${key}%40example.com`,
      ipAddress: ipAddressOf(key),
      score: Math.floor(roll(key, 16) * 80) + 5 * revision,
      createdAt: plan.createdAt,
      changedAt,
      isDeleted: isGone(plan),
    };
  };
  const table = (): Table<MarketingLead> =>
    makeTable<MarketingLead>((emit) => {
      for (let key = 0; key < keys; key++) {
        const plan = planOf(key);
        if (plan === null || plan.createdDay > clock.lastDay) continue;
        emit(key, stateOf(plan).changedAt, isGone(plan));
      }
    }, rowOf);
  return { keys, planOf, twinOf, ipAddressOf, table };
}
