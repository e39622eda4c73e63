/** The invented company as a whole: every kind of row at one moment of its clock. */
import type { Account } from "./accounts.ts";
import { makeAccounts } from "./accounts.ts";
import type { Activities, Activity } from "./activities.ts";
import { makeActivities } from "./activities.ts";
import type { Attachment } from "./attachments.ts";
import { makeAttachments } from "./attachments.ts";
import { type Billing, makeBilling } from "./billing/billing.ts";
import type { Campaign } from "./campaigns.ts";
import { makeCampaigns } from "./campaigns.ts";
import { makeClock } from "./clock.ts";
import type { Engagement, EngagementKind, Engagements } from "./engagements.ts";
import { makeEngagements } from "./engagements.ts";
import type { MarketingLead } from "./marketing-leads.ts";
import { makeMarketingLeads } from "./marketing-leads.ts";
import { makeOpportunities, type Opportunities, type Opportunity } from "./opportunities.ts";
import type { FieldChange, StageRecord } from "./opportunity-history.ts";
import { makeOpportunityHistory } from "./opportunity-history.ts";
import type { OpportunityPerson } from "./opportunity-people.ts";
import { makeOpportunityPeople } from "./opportunity-people.ts";
import { WON } from "./opportunity-plan.ts";
import type { People, Person } from "./people.ts";
import { makePeople } from "./people.ts";
import type { Program, Programs } from "./programs.ts";
import { makePrograms } from "./programs.ts";
import { LARGEST_SIZE, makeScale, SMALLEST_SIZE } from "./scale.ts";
import type { Table } from "./table.ts";
import type { Touch } from "./touches.ts";
import { makeTouches } from "./touches.ts";
import type { Usage } from "./usage.ts";
import { makeUsage } from "./usage.ts";
import type { User } from "./users.ts";
import { makeUsers } from "./users.ts";

export interface WorldOptions {
  /** Any integer; another seed is another company. Default 1. */
  readonly seed?: number;
  /** Rows over all kinds at the base "now", roughly; 1,000 to 5,000,000. Default 5,000. */
  readonly size?: number;
  /** Days the clock is advanced past 2026-06-30T00:00:00Z. Default 0. */
  readonly step?: number;
}

/** All tables are made when first asked for; two worlds of equal options hold equal rows. */
export interface World {
  readonly seed: number;
  readonly size: number;
  readonly step: number;
  /** Milliseconds since 1970; nothing in the world is later. */
  readonly now: number;
  readonly users: Table<User>;
  readonly accounts: Table<Account>;
  readonly leads: Table<Person>;
  readonly contacts: Table<Person>;
  readonly campaigns: Table<Campaign>;
  readonly touches: Table<Touch>;
  readonly opportunities: Table<Opportunity>;
  readonly opportunityPeople: Table<OpportunityPerson>;
  readonly stageHistory: Table<StageRecord>;
  readonly fieldHistory: Table<FieldChange>;
  readonly activities: Table<Activity>;
  readonly usage: Table<Usage>;
  readonly attachments: Table<Attachment>;
  readonly marketingLeads: Table<MarketingLead>;
  readonly programs: Table<Program>;
  readonly engagements: Table<Engagement>;
  /** What the billing system holds of the company's customers. */
  readonly billing: Billing;
  /** Whether an activity is archived. */
  isArchived(activityKey: number): boolean;
  /** What kind of engagement a key stands for, without making its row. */
  engagementKindOf(key: number): EngagementKind;
}

/**
 * Makes the company as it is `step` days after its base "now".
 * @throws RangeError for a size or step out of range
 */
export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, size = 5000, step = 0 } = options;
  if (!(size >= SMALLEST_SIZE && size <= LARGEST_SIZE)) {
    throw new RangeError(`size must be ${SMALLEST_SIZE} to ${LARGEST_SIZE} rows, not ${size}`);
  }
  if (!Number.isInteger(step) || step < 0 || step > 3650) {
    throw new RangeError(`step must be a whole number of days from 0 to 3650, not ${step}`);
  }
  const clock = makeClock(seed, step);
  const scale = makeScale(size);
  const users = makeUsers(clock, scale.users);
  const campaigns = makeCampaigns(clock, scale.campaigns, users);
  const firstWins = later(() => findFirstWins(opportunities, accounts.intake.total));
  const accounts = makeAccounts(clock, scale.accounts, users, (key) => {
    const wonAt = firstWins()[key]!;
    return wonAt === 0 ? null : wonAt;
  });
  const people: People = makePeople(clock, scale.people, accounts, users);
  const opportunities: Opportunities = makeOpportunities(
    clock,
    scale.opportunities,
    accounts,
    people,
    campaigns.intake,
    users,
  );
  const history = makeOpportunityHistory(opportunities);
  const activities: Activities = makeActivities(clock, scale.activities, people, users);
  const touches = later(makeTouches(clock, people, campaigns).table);
  const leads = later(people.leads);
  const contacts = later(people.contacts);
  const campaignTable = later(campaigns.table);
  const programs: Programs = makePrograms(clock, campaigns, campaignTable);
  const marketingLeads = makeMarketingLeads(clock, people, leads, contacts);
  const engagements: Engagements = makeEngagements(clock, marketingLeads, touches, programs);
  const tables = {
    accounts: later(accounts.table),
    leads,
    contacts,
    campaigns: campaignTable,
    touches,
    opportunities: later(opportunities.table),
    opportunityPeople: later(makeOpportunityPeople(clock, opportunities, people).table),
    stageHistory: later(history.stages),
    fieldHistory: later(history.changes),
    activities: later(activities.table),
    usage: later(makeUsage(clock, accounts).table),
    attachments: later(makeAttachments(clock, scale.attachments, accounts).table),
    marketingLeads: later(marketingLeads.table),
    programs: later(programs.table),
    engagements: later(engagements.table),
  };
  return {
    seed,
    size,
    step,
    now: clock.now,
    users: users.table,
    get accounts() {
      return tables.accounts();
    },
    get leads() {
      return tables.leads();
    },
    get contacts() {
      return tables.contacts();
    },
    get campaigns() {
      return tables.campaigns();
    },
    get touches() {
      return tables.touches();
    },
    get opportunities() {
      return tables.opportunities();
    },
    get opportunityPeople() {
      return tables.opportunityPeople();
    },
    get stageHistory() {
      return tables.stageHistory();
    },
    get fieldHistory() {
      return tables.fieldHistory();
    },
    get activities() {
      return tables.activities();
    },
    get usage() {
      return tables.usage();
    },
    get attachments() {
      return tables.attachments();
    },
    get marketingLeads() {
      return tables.marketingLeads();
    },
    get programs() {
      return tables.programs();
    },
    get engagements() {
      return tables.engagements();
    },
    billing: makeBilling(clock, accounts, opportunities, firstWins),
    isArchived: activities.isArchived,
    engagementKindOf: engagements.kindOf,
  };
}

/** Runs `make` when first called and keeps its answer. */
function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** When each account won its first opportunity, in milliseconds; 0 for none. */
function findFirstWins(opportunities: Opportunities, accounts: number): Float64Array {
  const wins = new Float64Array(accounts);
  opportunities.each((_key, plan) => {
    const turns = opportunities.turnsOf(plan);
    const last = turns[turns.length - 1]!;
    if (last.stage !== WON) return;
    const first = wins[plan.accountKey]!;
    if (first === 0 || last.at < first) wins[plan.accountKey] = last.at;
  });
  return wins;
}
