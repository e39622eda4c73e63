/** Salesforce's records as rows of the common data model. */
import { dayOf, startOfDay } from "./calendar.ts";
import {
  type CommonModel,
  type OpportunityPerson,
  type Person,
  type Spend,
  salesforce,
  type Touch,
} from "./common-model.ts";
import {
  day,
  decimal,
  instant,
  type ReadObject,
  text,
  type VendorRecord,
} from "./vendor-record.ts";

/** @param zone the warehouse zone, in which a date that serves as a timestamp begins */
export async function readSalesforceRows(
  read: ReadObject,
  zone: string,
): Promise<Partial<CommonModel>> {
  const campaigns = await read("Campaign");
  const leads = (await read("Lead")).map((row) => leadOf(row, zone));
  return {
    cdm_account: (await read("Account")).map(accountOf),
    cdm_person: [...(await read("Contact")).map(contactOf), ...leads],
    cdm_campaign: campaigns.map(campaignOf),
    // "Every CampaignMember not deleted."
    cdm_touch: (await read("CampaignMember")).filter(isKept).map((row) => touchOf(row, zone)),
    cdm_opportunity: (await read("Opportunity")).map((row) => opportunityOf(row, zone)),
    cdm_opportunity_person: mergeRoles((await read("OpportunityContactRole")).filter(isKept)),
    cdm_spend: campaigns.flatMap((row) => spendOf(row, zone)),
  };
}

function accountOf(row: VendorRecord) {
  return {
    account_id: String(row.Id),
    source: salesforce,
    name: text(row.Name),
    created_at: instant(row.CreatedDate),
    is_deleted: row.IsDeleted === true,
    domain: null,
    type: text(row.Type),
    industry: text(row.Industry),
    employees: row.NumberOfEmployees == null ? null : Number(row.NumberOfEmployees),
    country: text(row.BillingCountry),
    parent_account_id: text(row.ParentId),
    owner_id: text(row.OwnerId),
    crm_account_id: null,
  };
}

function contactOf(row: VendorRecord): Person {
  return {
    person_id: String(row.Id),
    source: salesforce,
    kind: "contact",
    created_at: instant(row.CreatedDate),
    is_deleted: row.IsDeleted === true,
    email: text(row.Email),
    company: null,
    lead_source: text(row.LeadSource),
    status: null,
    account_id: text(row.AccountId),
    converted_at: null,
    converted_contact_id: null,
    converted_account_id: null,
    converted_opportunity_id: null,
    crm_person_id: null,
  };
}

function leadOf(row: VendorRecord, zone: string): Person {
  const converted = text(row.ConvertedDate);
  return {
    ...contactOf(row),
    kind: "lead",
    company: text(row.Company),
    status: text(row.Status),
    account_id: null,
    converted_at: converted === null ? null : startOfDay(converted, zone),
    converted_contact_id: text(row.ConvertedContactId),
    converted_account_id: text(row.ConvertedAccountId),
    converted_opportunity_id: text(row.ConvertedOpportunityId),
  };
}

function campaignOf(row: VendorRecord) {
  return {
    campaign_id: String(row.Id),
    source: salesforce,
    name: text(row.Name),
    channel: text(row.Type),
    type: text(row.Type),
    start_date: text(row.StartDate),
    end_date: text(row.EndDate),
    is_deleted: row.IsDeleted === true,
    crm_campaign_id: null,
  };
}

/** "person = coalesce(ContactId, LeadId), touched_at = coalesce(FirstRespondedDate, CreatedDate), kind = Status." */
function touchOf(row: VendorRecord, zone: string): Touch {
  const responded = text(row.FirstRespondedDate);
  return {
    touch_id: String(row.Id),
    source: salesforce,
    person_id: text(row.ContactId) ?? text(row.LeadId),
    campaign_id: text(row.CampaignId),
    touched_at: responded === null ? instant(row.CreatedDate) : startOfDay(responded, zone),
    kind: text(row.Status),
    asset: null,
  };
}

function opportunityOf(row: VendorRecord, zone: string) {
  return {
    opportunity_id: String(row.Id),
    source: salesforce,
    account_id: text(row.AccountId),
    name: text(row.Name),
    stage: text(row.StageName),
    created_at: instant(row.CreatedDate),
    close_date: String(row.CloseDate),
    is_won: row.IsWon === true,
    is_closed: row.IsClosed === true,
    is_deleted: row.IsDeleted === true,
    iacv: decimal(row.IACV__c),
    sales_accepted_at: day(row.Sales_Accepted_Date__c, zone),
    opportunity_source: text(row.Opportunity_Source__c),
    type: text(row.Type),
    amount: decimal(row.Amount),
    owner_id: text(row.OwnerId),
    primary_campaign_id: text(row.CampaignId),
    currency: text(row.CurrencyIsoCode),
  };
}

/** A contact may play several roles in one opportunity. */
function mergeRoles(roles: readonly VendorRecord[]): OpportunityPerson[] {
  const merged = new Map<string, OpportunityPerson>();
  for (const row of roles) {
    const [opportunity_id, person_id] = [String(row.OpportunityId), String(row.ContactId)];
    const key = `${opportunity_id} ${person_id}`;
    const is_primary = row.IsPrimary === true || merged.get(key)?.is_primary === true;
    merged.set(key, { opportunity_id, person_id, is_primary });
  }
  return [...merged.values()];
}

/** "`ActualCost` at `StartDate` (else CreatedDate); null and 0 left out." */
function spendOf(row: VendorRecord, zone: string): Spend[] {
  const amount = decimal(row.ActualCost);
  if (amount === null || amount.isZero()) return [];
  return [
    {
      spend_id: String(row.Id),
      source: salesforce,
      spent_on: text(row.StartDate) ?? dayOf(instant(row.CreatedDate), zone),
      amount,
      campaign_id: String(row.Id),
      channel: text(row.Type),
      kind: "program",
    },
  ];
}

function isKept(row: VendorRecord): boolean {
  return row.IsDeleted !== true;
}
