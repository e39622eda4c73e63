/** The rows of the common data model: instants as epoch milliseconds, days as `YYYY-MM-DD`. */
import type { Decimal } from "./decimal.ts";

/** Milliseconds since 1970 UTC. */
export type Instant = number;
/** `YYYY-MM-DD`; text order is the order of days. */
export type Day = string;

/** What Salesforce rows say in `source`; they survive those of every other source. */
export const salesforce = "salesforce";

export interface Account {
  readonly account_id: string;
  readonly source: string;
  readonly name: string | null;
  readonly created_at: Instant;
  readonly is_deleted: boolean;
  readonly domain: string | null;
  readonly type: string | null;
  readonly industry: string | null;
  readonly employees: number | null;
  readonly country: string | null;
  readonly parent_account_id: string | null;
  readonly owner_id: string | null;
  readonly crm_account_id: string | null;
}

export interface Person {
  readonly person_id: string;
  readonly source: string;
  readonly kind: "lead" | "contact";
  readonly created_at: Instant;
  readonly is_deleted: boolean;
  readonly email: string | null;
  readonly company: string | null;
  readonly lead_source: string | null;
  readonly status: string | null;
  readonly account_id: string | null;
  readonly converted_at: Instant | null;
  readonly converted_contact_id: string | null;
  readonly converted_account_id: string | null;
  readonly converted_opportunity_id: string | null;
  readonly crm_person_id: string | null;
}

export interface Campaign {
  readonly campaign_id: string;
  readonly source: string;
  readonly name: string | null;
  readonly channel: string | null;
  readonly type: string | null;
  readonly start_date: Day | null;
  readonly end_date: Day | null;
  readonly is_deleted: boolean;
  readonly crm_campaign_id: string | null;
}

export interface Touch {
  readonly touch_id: string;
  readonly source: string;
  readonly person_id: string | null;
  readonly campaign_id: string | null;
  readonly touched_at: Instant;
  readonly kind: string | null;
  readonly asset: string | null;
}

export interface Opportunity {
  readonly opportunity_id: string;
  readonly source: string;
  readonly account_id: string | null;
  readonly name: string | null;
  readonly stage: string | null;
  readonly created_at: Instant;
  readonly close_date: Day;
  readonly is_won: boolean;
  readonly is_closed: boolean;
  readonly is_deleted: boolean;
  readonly iacv: Decimal | null;
  readonly sales_accepted_at: Day | null;
  readonly opportunity_source: string | null;
  readonly type: string | null;
  readonly amount: Decimal | null;
  readonly owner_id: string | null;
  readonly primary_campaign_id: string | null;
  readonly currency: string | null;
}

export interface OpportunityPerson {
  readonly opportunity_id: string;
  readonly person_id: string;
  readonly is_primary: boolean | null;
}

export interface Subscription {
  readonly subscription_id: string;
  readonly source: string;
  readonly account_id: string | null;
  readonly name: string;
  readonly version: number;
  readonly status: string | null;
  readonly start_date: Day | null;
  readonly end_date: Day | null;
  readonly cancelled_at: Day | null;
  readonly mrr: Decimal | null;
}

export interface Invoice {
  readonly invoice_id: string;
  readonly source: string;
  readonly account_id: string | null;
  readonly invoice_date: Day | null;
  readonly amount: Decimal | null;
  readonly status: string | null;
}

export interface Spend {
  readonly spend_id: string;
  readonly source: string;
  readonly spent_on: Day;
  readonly amount: Decimal;
  readonly campaign_id: string | null;
  readonly channel: string | null;
  readonly kind: "program" | "overhead";
}

/** All of it: what every report is computed from. */
export interface CommonModel {
  readonly cdm_account: readonly Account[];
  readonly cdm_person: readonly Person[];
  readonly cdm_campaign: readonly Campaign[];
  readonly cdm_touch: readonly Touch[];
  readonly cdm_opportunity: readonly Opportunity[];
  readonly cdm_opportunity_person: readonly OpportunityPerson[];
  readonly cdm_subscription: readonly Subscription[];
  readonly cdm_invoice: readonly Invoice[];
  readonly cdm_spend: readonly Spend[];
}
