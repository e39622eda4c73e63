/** Rows of the common data model with everything a test does not care about filled in. */
import {
  type Account,
  type Campaign,
  type CommonModel,
  type Instant,
  type Opportunity,
  type Person,
  type Spend,
  type Subscription,
  salesforce,
  type Touch,
} from "./common-model.ts";
import { Decimal } from "./decimal.ts";

/** The instant of ISO text; a day alone is its midnight in UTC. */
export function at(text: string): Instant {
  return Date.parse(text);
}

export function makeModel(tables: Partial<CommonModel>): CommonModel {
  return {
    cdm_account: [],
    cdm_person: [],
    cdm_campaign: [],
    cdm_touch: [],
    cdm_opportunity: [],
    cdm_opportunity_person: [],
    cdm_subscription: [],
    cdm_invoice: [],
    cdm_spend: [],
    ...tables,
  };
}

export function makeAccount(account_id: string, fields: Partial<Account> = {}): Account {
  return {
    account_id,
    source: salesforce,
    name: `Account ${account_id}`,
    created_at: at("2020-01-01"),
    is_deleted: false,
    domain: null,
    type: null,
    industry: null,
    employees: null,
    country: null,
    parent_account_id: null,
    owner_id: null,
    crm_account_id: null,
    ...fields,
  };
}

/** A Salesforce contact unless the fields say otherwise. */
export function makePerson(person_id: string, fields: Partial<Person> = {}): Person {
  return {
    person_id,
    source: salesforce,
    kind: "contact",
    created_at: at("2020-01-01"),
    is_deleted: false,
    email: null,
    company: null,
    lead_source: null,
    status: null,
    account_id: null,
    converted_at: null,
    converted_contact_id: null,
    converted_account_id: null,
    converted_opportunity_id: null,
    crm_person_id: null,
    ...fields,
  };
}

export function makeCampaign(campaign_id: string, fields: Partial<Campaign> = {}): Campaign {
  return {
    campaign_id,
    source: salesforce,
    name: `Campaign ${campaign_id}`,
    channel: "Email",
    type: null,
    start_date: null,
    end_date: null,
    is_deleted: false,
    crm_campaign_id: null,
    ...fields,
  };
}

/** @param when ISO text of the instant */
export function makeTouch(
  touch_id: string,
  person_id: string | null,
  campaign_id: string | null,
  when: string,
  fields: Partial<Touch> = {},
): Touch {
  return {
    touch_id,
    source: salesforce,
    person_id,
    campaign_id,
    touched_at: at(when),
    kind: "Responded",
    asset: null,
    ...fields,
  };
}

/** Neither accepted nor won unless the fields say so; money as decimal text. */
export function makeOpportunity(
  opportunity_id: string,
  { iacv = null, ...fields }: Partial<Omit<Opportunity, "iacv">> & { iacv?: string | null } = {},
): Opportunity {
  return {
    opportunity_id,
    source: salesforce,
    account_id: null,
    name: `Opportunity ${opportunity_id}`,
    stage: "Proposal",
    created_at: at("2024-01-01"),
    close_date: "2024-06-30",
    is_won: false,
    is_closed: false,
    is_deleted: false,
    iacv: iacv === null ? null : new Decimal(iacv),
    sales_accepted_at: null,
    opportunity_source: null,
    type: null,
    amount: null,
    owner_id: null,
    primary_campaign_id: null,
    currency: null,
    ...fields,
  };
}

export function makeSubscription(
  subscription_id: string,
  account_id: string | null,
  fields: Partial<Subscription> = {},
): Subscription {
  return {
    subscription_id,
    source: "zuora",
    account_id,
    name: subscription_id,
    version: 1,
    status: "Active",
    start_date: "2020-01-01",
    end_date: null,
    cancelled_at: null,
    mrr: null,
    ...fields,
  };
}

export function makeSpend(
  spend_id: string,
  spent_on: string,
  amount: string,
  campaign_id: string | null,
  channel: string | null = null,
): Spend {
  return {
    spend_id,
    source: salesforce,
    spent_on,
    amount: new Decimal(amount),
    campaign_id,
    channel,
    kind: "program",
  };
}
