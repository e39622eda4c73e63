/** Opportunity, with the custom fields the metrics are about. */

import type { Opportunity } from "../../world/opportunities.ts";
import { OPEN_STAGES } from "../../world/opportunity-plan.ts";
import {
  area,
  currency,
  date,
  datetime,
  double,
  flag,
  id,
  lookup,
  percent,
  picklist,
  text,
} from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { REGIONS } from "./account.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";
import { LEAD_SOURCES } from "./lead.ts";

export const STAGES = [...OPEN_STAGES, "8-Closed Won", "9-Closed Lost", "10-Duplicate"];
const TYPES = ["New Business", "Expansion", "Renewal"];
const SOURCES = ["SDR Generated", "BDR Generated", "AE Generated", "Web Direct", "Partner"];
const FORECASTS = ["Omitted", "Pipeline", "BestCase", "Forecast", "Closed"];
const COMPETITORS = ["Spreadsheets", "In-house", "Contoso Metrics", "Fabrikam BI"];

export const opportunity = defineObject<Opportunity>({
  name: "Opportunity",
  label: "Opportunity",
  labelPlural: "Opportunities",
  keyPrefix: PREFIX.Opportunity,
  table: (world) => world.opportunities,
  fields: [
    id("Opportunity ID", (row) => recordId(PREFIX.Opportunity, row.key)),
    isDeleted(),
    lookup("AccountId", "Account ID", "Account", (row) => recordId(PREFIX.Account, row.accountKey)),
    flag("IsPrivate", "Private", (row) => row.isPrivate),
    text("Name", "Name", 120, (row) => row.name, { nillable: false, isName: true }),
    area("Description", "Description", 32000, (row) => row.description),
    picklist("StageName", "Stage", STAGES, (row) => row.stage, { nillable: false }),
    currency("Amount", "Amount", (row) => row.amount),
    percent("Probability", "Probability (%)", (row) => `${row.probability}.0`, {
      precision: 3,
      scale: 0,
    }),
    currency("ExpectedRevenue", "Expected Amount", (row) => expected(row), { calculated: true }),
    double("TotalOpportunityQuantity", "Quantity", (row) => row.quantity, { scale: 2 }),
    date("CloseDate", "Close Date", (row) => row.closeDate, { nillable: false }),
    picklist("Type", "Opportunity Type", TYPES, (row) => row.type),
    text("NextStep", "Next Step", 255, (row) => row.nextStep),
    picklist("LeadSource", "Lead Source", LEAD_SOURCES, (row) => row.leadSource),
    flag("IsClosed", "Closed", (row) => row.isClosed),
    flag("IsWon", "Won", (row) => row.isWon),
    picklist("ForecastCategory", "Forecast Category", FORECASTS, (row) => row.forecastCategory),
    text("ForecastCategoryName", "Forecast Category", 255, (row) => row.forecastCategory),
    lookup("CampaignId", "Campaign ID", "Campaign", (row) =>
      row.campaignKey === null ? null : recordId(PREFIX.Campaign, row.campaignKey),
    ),
    flag("HasOpportunityLineItem", "Has Line Item", () => false),
    lookup("OwnerId", "Owner ID", "User", (row) => userId(row.ownerKey), { nillable: false }),
    ...auditFields<Opportunity>((row) => row.createdByKey),
    date("LastActivityDate", "Last Activity", (row) => row.lastActivityOn),
    datetime("LastStageChangeDate", "Last Stage Change Date", (row) => row.lastStageChangeAt),
    date("Sales_Accepted_Date__c", "Sales Accepted Date", (row) => row.acceptedOn),
    currency("IACV__c", "IACV", (row) => row.iacv, { scale: 4 }),
    picklist("Opportunity_Source__c", "Opportunity Source", SOURCES, (row) => row.source),
    picklist("Region__c", "Region", REGIONS, (row) => row.region),
    picklist("Competitor__c", "Competitor", COMPETITORS, (row) => row.competitor),
    percent("Discount__c", "Discount", (row) => row.discount),
  ],
});

/** The vendor's own formula: amount times probability. */
function expected(row: Opportunity): string | null {
  if (row.amount === null) return null;
  const cents = Math.round(Number(row.amount) * row.probability);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}
