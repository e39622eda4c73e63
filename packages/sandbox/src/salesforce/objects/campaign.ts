/** Campaign and its members, who are the touches of the metrics. */
import type { Campaign } from "../../world/campaigns.ts";
import type { Touch } from "../../world/touches.ts";
import {
  area,
  currency,
  date,
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
import { auditFields, isDeleted, userId } from "./audit-fields.ts";

const TYPES = [
  "Webinar",
  "Conference",
  "Paid Search",
  "Content Syndication",
  "Email",
  "Paid Social",
  "Direct Mail",
  "Partner",
];
const STATUSES = ["Planned", "In Progress", "Completed", "Aborted"];
const MEMBER_STATUSES = ["Sent", "Responded", "Registered", "Attended"];

export const campaign = defineObject<Campaign>({
  name: "Campaign",
  label: "Campaign",
  labelPlural: "Campaigns",
  keyPrefix: PREFIX.Campaign,
  table: (world) => world.campaigns,
  fields: [
    id("Campaign ID", (row) => recordId(PREFIX.Campaign, row.key)),
    isDeleted(),
    text("Name", "Name", 80, (row) => row.name, { nillable: false, isName: true }),
    lookup("ParentId", "Parent Campaign ID", "Campaign", (row) =>
      row.parentKey === null ? null : recordId(PREFIX.Campaign, row.parentKey),
    ),
    picklist("Type", "Type", TYPES, (row) => row.channel),
    picklist("Status", "Status", STATUSES, (row) => row.status),
    date("StartDate", "Start Date", (row) => row.startDate),
    date("EndDate", "End Date", (row) => row.endDate),
    currency("ExpectedRevenue", "Expected Revenue in Campaign", (row) => row.expectedRevenue),
    currency("BudgetedCost", "Budgeted Cost in Campaign", (row) => row.budget, { scale: 2 }),
    currency("ActualCost", "Actual Cost in Campaign", (row) => row.cost, { scale: 4 }),
    percent("ExpectedResponse", "Expected Response (%)", (row) => row.expectedResponse, {
      precision: 10,
    }),
    double("NumberSent", "Num Sent in Campaign", (row) => row.numberSent),
    flag("IsActive", "Active", (row) => row.isActive),
    area("Description", "Description", 32000, (row) => row.description),
    lookup("OwnerId", "Owner ID", "User", (row) => userId(row.ownerKey), { nillable: false }),
    ...auditFields<Campaign>((row) => row.ownerKey),
  ],
});

export const campaignMember = defineObject<Touch>({
  name: "CampaignMember",
  label: "Campaign Member",
  labelPlural: "Campaign Members",
  keyPrefix: PREFIX.CampaignMember,
  table: (world) => world.touches,
  fields: [
    id("Campaign Member ID", (row) => recordId(PREFIX.CampaignMember, row.key)),
    isDeleted(),
    lookup("CampaignId", "Campaign ID", "Campaign", (row) =>
      recordId(PREFIX.Campaign, row.campaignKey),
    ),
    lookup("LeadId", "Lead ID", "Lead", (row) =>
      row.wasLead ? recordId(PREFIX.Lead, row.personKey) : null,
    ),
    lookup("ContactId", "Contact ID", "Contact", (row) =>
      row.isContact ? recordId(PREFIX.Contact, row.personKey) : null,
    ),
    picklist("Status", "Status", MEMBER_STATUSES, (row) => row.status),
    flag("HasResponded", "Responded", (row) => row.hasResponded),
    date("FirstRespondedDate", "First Responded Date", (row) => row.respondedOn),
    ...auditFields<Touch>(),
  ],
});
