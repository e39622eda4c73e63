/** Lead: a person not, or not yet, at an account. */
import type { Person } from "../../world/people.ts";
import { INDUSTRIES } from "../../world/words.ts";
import { area, date, double, email, flag, id, lookup, phone, picklist, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { REGIONS } from "./account.ts";
import { addressFields } from "./address-fields.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";

export const LEAD_SOURCES = [
  "Web",
  "Webinar",
  "Trade Show",
  "Purchased List",
  "Partner Referral",
  "Phone Inquiry",
  "Other",
];
const STATUSES = [
  "Open - Not Contacted",
  "Working - Contacted",
  "Nurturing",
  "Unqualified",
  "Qualified",
];

export const lead = defineObject<Person>({
  name: "Lead",
  label: "Lead",
  labelPlural: "Leads",
  keyPrefix: PREFIX.Lead,
  table: (world) => world.leads,
  fields: [
    id("Lead ID", (row) => recordId(PREFIX.Lead, row.key)),
    isDeleted(),
    lookup("MasterRecordId", "Master Record ID", "Lead", () => null),
    text("LastName", "Last Name", 80, (row) => row.lastName, {
      nillable: false,
      compoundFieldName: "Name",
    }),
    text("FirstName", "First Name", 40, (row) => row.firstName, {
      compoundFieldName: "Name",
    }),
    text(
      "Name",
      "Full Name",
      121,
      (row) => [row.firstName, row.lastName].filter(Boolean).join(" "),
      {
        nillable: false,
        isName: true,
      },
    ),
    text("Title", "Title", 128, (row) => row.title),
    text("Company", "Company", 255, (row) => row.company, { nillable: false }),
    ...addressFields<Person>("", (row) => row.place),
    phone("Phone", "Phone", (row) => row.phone),
    phone("MobilePhone", "Mobile Phone", (row) => row.mobile),
    email("Email", "Email", (row) => row.email),
    area("Description", "Description", 32000, (row) => row.description),
    picklist("LeadSource", "Lead Source", LEAD_SOURCES, (row) => row.source),
    picklist("Status", "Status", STATUSES, (row) => row.status, { nillable: false }),
    picklist("Industry", "Industry", INDUSTRIES, (row) => row.industry),
    flag("HasOptedOutOfEmail", "Email Opt Out", (row) => row.optedOut),
    lookup("OwnerId", "Owner ID", ["Group", "User"], (row) => userId(row.ownerKey)),
    flag("IsConverted", "Converted", (row) => row.convertedAt !== null),
    date("ConvertedDate", "Converted Date", (row) =>
      row.convertedAt === null ? null : row.convertedAt - (row.convertedAt % 86_400_000),
    ),
    lookup("ConvertedAccountId", "Converted Account ID", "Account", (row) =>
      row.convertedAt === null ? null : recordId(PREFIX.Account, row.accountKey!),
    ),
    lookup("ConvertedContactId", "Converted Contact ID", "Contact", (row) =>
      row.convertedAt === null ? null : recordId(PREFIX.Contact, row.key),
    ),
    lookup("ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity", (row) =>
      row.openedOpportunityKey === null
        ? null
        : recordId(PREFIX.Opportunity, row.openedOpportunityKey),
    ),
    ...auditFields<Person>(),
    double("Lead_Score__c", "Lead Score", (row) => row.score, { precision: 9, scale: 4 }),
    picklist("Region__c", "Region", REGIONS, (row) => row.region),
  ],
});
