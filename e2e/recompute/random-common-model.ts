/** Small worlds that are as awkward as the definitions allow, for every implementation of them to agree on. */
import fc, { type Arbitrary } from "fast-check";
import { attributionModels } from "./attribution-weights.ts";
import type {
  Account,
  Campaign,
  CommonModel,
  Opportunity,
  OpportunityPerson,
  Person,
  Spend,
  Subscription,
  Touch,
} from "./common-model.ts";
import { Decimal } from "./decimal.ts";
import {
  makeAccount,
  makeCampaign,
  makeModel,
  makeOpportunity,
  makePerson,
  makeSpend,
  makeSubscription,
} from "./make-rows.ts";
import { days, instants, zones } from "./random-days.ts";
import { type Settings, shippedSettings } from "./settings.ts";

export interface World {
  readonly model: CommonModel;
  readonly settings: Settings;
}

// The same id may stand in several tables, but comes from one source in each. Byte order is neither that of numbers
// nor that of dictionaries.
const ids = {
  crmAccounts: ["c1", "a2", "B3"],
  otherAccounts: ["z1", "z10"],
  contacts: ["c1", "c10", "C2"],
  leads: ["l1", "l2", "L3"],
  others: ["m1", "m2", "é3"],
  crmCampaigns: ["c1", "k2", "K3"],
  programs: ["p1", "p2"],
  opportunities: ["o1", "o10", "O2", "o3", "é4", "o5"],
  touches: ["t1", "t10", "T2", "a3", "é4", "\uFFFD5", "\u{1F600}6", "t7", "t8", "t9", "u1", "u2"],
};
const unknown = "unknown";

const anyOf = fc.constantFrom;
const orNull = <Value>(values: Arbitrary<Value>) => fc.option(values, { freq: 5 });
const rarely = fc.nat(7).map((roll) => roll === 0);
const mostly = fc.nat(3).map((roll) => roll > 0);
const emails = anyOf("x@a", " X@A ", "y@a", "Y@a", "", "  ");
const money = anyOf("0", "-50", "100", "0.01", "333.33", "1000000").map(
  (text) => new Decimal(text),
);
const accountIds = anyOf(...ids.crmAccounts, ...ids.otherAccounts, unknown);
const personIds = anyOf(...ids.contacts, ...ids.leads, ...ids.others, unknown);
/** Mostly the same few, so that touches gather. */
const actors = fc.oneof(
  { arbitrary: anyOf("c1", "l1", "m1"), weight: 2 },
  { arbitrary: personIds, weight: 1 },
);
const campaignIds = anyOf(...ids.crmCampaigns, ...ids.programs, unknown);
const channels = anyOf("Email", "Ads", "unattributed");

/** One row for most of the ids. */
function rowsOf<Row>(
  all: readonly string[],
  row: (id: string) => Arbitrary<Row>,
): Arbitrary<Row[]> {
  const rows = all.map((id) => fc.option(row(id), { freq: 6 }));
  return fc.tuple(...rows).map((found) => found.filter((one) => one !== null));
}

const accounts: Arbitrary<Account[]> = fc
  .tuple(
    rowsOf(ids.crmAccounts, (id) =>
      fc.record({ is_deleted: rarely }).map((fields) => makeAccount(id, fields)),
    ),
    rowsOf(ids.otherAccounts, (id) =>
      orNull(accountIds).map((crm_account_id) =>
        makeAccount(id, { source: "zuora", crm_account_id }),
      ),
    ),
  )
  .map((found) => found.flat());

const common = { created_at: instants, is_deleted: rarely, email: orNull(emails) };
const people: Arbitrary<Person[]> = fc
  .tuple(
    rowsOf(ids.contacts, (id) =>
      fc.record({ ...common, account_id: orNull(accountIds) }).map((row) => makePerson(id, row)),
    ),
    rowsOf(ids.leads, (id) =>
      fc
        .record({
          ...common,
          converted_contact_id: orNull(anyOf(...ids.contacts, unknown)),
          converted_account_id: orNull(accountIds),
        })
        .map((row) => makePerson(id, { ...row, kind: "lead" })),
    ),
    rowsOf(ids.others, (id) =>
      fc
        .record({ ...common, crm_person_id: orNull(personIds), account_id: orNull(accountIds) })
        .map((row) => makePerson(id, { ...row, source: "marketo", kind: "lead" })),
    ),
  )
  .map((found) => found.flat());

const campaigns: Arbitrary<Campaign[]> = fc
  .tuple(
    rowsOf(ids.crmCampaigns, (id) =>
      fc
        .record({ channel: orNull(channels), is_deleted: rarely })
        .map((fields) => makeCampaign(id, fields)),
    ),
    rowsOf(ids.programs, (id) =>
      fc
        .record({ channel: orNull(channels), crm_campaign_id: orNull(campaignIds) })
        .map((fields) => makeCampaign(id, { ...fields, source: "marketo" })),
    ),
  )
  .map((found) => found.flat());

const touches: Arbitrary<Touch[]> = rowsOf(ids.touches, (touch_id) =>
  fc.record({
    touch_id: fc.constant(touch_id),
    source: fc.constant("marketo"),
    person_id: orNull(actors),
    campaign_id: orNull(campaignIds),
    touched_at: instants,
    kind: anyOf("Click Link", "Visit Webpage"),
    asset: orNull(anyOf("/pricing", "/Pricing", "form", "", " ")),
  }),
);

const opportunities: Arbitrary<Opportunity[]> = rowsOf(ids.opportunities, (id) =>
  fc
    .record({
      account_id: orNull(accountIds),
      stage: anyOf("Proposal", "Proposal", "Won", null, " DUPLICATE ", "9-duplicate"),
      created_at: instants,
      close_date: days,
      is_won: mostly,
      is_deleted: rarely,
      iacv: orNull(money),
      sales_accepted_at: orNull(days),
      opportunity_source: orNull(anyOf("SDR Generated", " sdr generated ", "AE GENERATED", "Fair")),
      currency: orNull(anyOf("EUR", "XXX")),
    })
    .map(({ iacv, ...fields }) => ({ ...makeOpportunity(id, fields), iacv })),
);

const roles: Arbitrary<OpportunityPerson[]> = fc.uniqueArray(
  fc.record({
    opportunity_id: anyOf(...ids.opportunities),
    person_id: actors,
    is_primary: orNull(fc.boolean()),
  }),
  { maxLength: 12, selector: (row) => `${row.opportunity_id} ${row.person_id}` },
);

const subscriptions: Arbitrary<Subscription[]> = fc
  .uniqueArray(
    fc.record({
      source: anyOf("zuora", "zuora", "other"),
      account_id: orNull(accountIds),
      name: anyOf("s1", "s2", "s3", "s4"),
      version: anyOf(1, 2, 9, 10),
      status: anyOf(
        "Active",
        "Active",
        "Cancelled",
        "draft",
        "PendingActivation",
        "Pending Acceptance",
      ),
      // Twelve months before the other days, so that somebody was active then.
      start_date: anyOf("2019-11-01", "2020-01-31", "2020-02-29", "2021-01-01"),
      end_date: orNull(days),
      cancelled_at: orNull(days),
    }),
    { maxLength: 10, selector: (row) => `${row.source} ${row.name} ${row.version}` },
  )
  .map((rows) =>
    rows.map((row, index) => makeSubscription(`subscription ${index}`, row.account_id, row)),
  );

const spend: Arbitrary<Spend[]> = fc
  .array(
    fc.tuple(
      days,
      anyOf("100", "-100", "33.33", "0.01", "250"),
      orNull(campaignIds),
      orNull(channels),
    ),
    { maxLength: 8 },
  )
  .map((rows) =>
    rows.map(([day, amount, campaign, channel], index) => ({
      ...makeSpend(`spend ${index}`, day, amount, campaign, channel),
      source: "ledger",
    })),
  );

const settings: Arbitrary<Settings> = fc
  .record({
    warehouse_timezone: anyOf(...zones),
    gross_margin: anyOf("0.8", "1", "0.333").map((text) => new Decimal(text)),
    default_attribution_model: anyOf(...attributionModels),
    min_wins: anyOf(1, 2, 3, 5),
    max_retention_years: anyOf(10, 3),
    as_of: fc.oneof(days, anyOf("2020-01-01", "2021-06-30", "2022-12-31", "2024-02-29")),
  })
  .map((own) => ({
    ...shippedSettings(own.as_of),
    ...own,
    currency_rates: [{ currency: "EUR", rate: new Decimal("1.0937") }],
  }));

/** Worlds that shrink to the smallest on which two implementations differ. */
export const worlds: Arbitrary<World> = fc.record({
  model: fc
    .record({
      cdm_account: accounts,
      cdm_person: people,
      cdm_campaign: campaigns,
      cdm_touch: touches,
      cdm_opportunity: opportunities,
      cdm_opportunity_person: roles,
      cdm_subscription: subscriptions,
      cdm_spend: spend,
    })
    .map(makeModel),
  settings,
});

/** The same worlds for the same seed, where running each is too dear for a property. */
export function sampleWorlds(seed: number, count: number): World[] {
  return fc.sample(worlds, { seed, numRuns: count });
}
