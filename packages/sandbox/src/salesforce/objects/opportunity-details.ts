/** What hangs on an opportunity: its people, its stages, its changed fields. */
import type { ChangedField, FieldChange, StageRecord } from "../../world/opportunity-history.ts";
import type { OpportunityPerson } from "../../world/opportunity-people.ts";
import {
  anyType,
  currency,
  date,
  datetime,
  flag,
  id,
  lookup,
  percent,
  picklist,
} from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";
import { STAGES } from "./opportunity.ts";

const ROLES = ["Decision Maker", "Economic Buyer", "Champion", "Evaluator", "Other"];
const FORECASTS = ["Omitted", "Pipeline", "BestCase", "Forecast", "Closed"];

const toOpportunity = (row: { opportunityKey: number }): string =>
  recordId(PREFIX.Opportunity, row.opportunityKey);

export const opportunityContactRole = defineObject<OpportunityPerson>({
  name: "OpportunityContactRole",
  label: "Opportunity Contact Role",
  labelPlural: "Opportunity Contact Roles",
  keyPrefix: PREFIX.OpportunityContactRole,
  table: (world) => world.opportunityPeople,
  fields: [
    id("Contact Role ID", (row) => recordId(PREFIX.OpportunityContactRole, row.key)),
    lookup("OpportunityId", "Opportunity ID", "Opportunity", toOpportunity, { nillable: false }),
    lookup("ContactId", "Contact ID", "Contact", (row) => recordId(PREFIX.Contact, row.personKey), {
      nillable: false,
    }),
    picklist("Role", "Role", ROLES, (row) => row.role),
    flag("IsPrimary", "Primary", (row) => row.isPrimary),
    ...auditFields<OpportunityPerson>((row) => row.createdByKey),
    isDeleted(),
  ],
});

export const opportunityHistory = defineObject<StageRecord>({
  name: "OpportunityHistory",
  label: "Opportunity: Stage History",
  labelPlural: "Opportunity: Stage History",
  keyPrefix: PREFIX.OpportunityHistory,
  table: (world) => world.stageHistory,
  fields: [
    id("Opportunity History ID", (row) => recordId(PREFIX.OpportunityHistory, row.key)),
    lookup("OpportunityId", "Opportunity ID", "Opportunity", toOpportunity, { nillable: false }),
    lookup("CreatedById", "Created By ID", "User", (row) => userId(row.byKey), { nillable: false }),
    datetime("CreatedDate", "Created Date", (row) => row.at, { nillable: false }),
    picklist("StageName", "Stage Name", STAGES, (row) => row.stage, { nillable: false }),
    currency("Amount", "Amount", (row) => row.amount),
    currency("ExpectedRevenue", "Expected Revenue", () => null),
    date("CloseDate", "Close Date", (row) => row.closeDate),
    percent("Probability", "Probability", (row) => `${row.probability}.0`, {
      precision: 3,
      scale: 0,
    }),
    picklist("ForecastCategory", "To ForecastCategory", FORECASTS, (row) => row.forecastCategory),
    datetime("SystemModstamp", "System Modstamp", (row) => row.changedAt, { nillable: false }),
    isDeleted(),
  ],
});

const TRACKED: Readonly<Record<ChangedField, { name: string; dataType: string }>> = {
  created: { name: "created", dataType: "Text" },
  stage: { name: "StageName", dataType: "DynamicEnum" },
  amount: { name: "Amount", dataType: "Currency" },
  iacv: { name: "IACV__c", dataType: "Currency" },
  closeDate: { name: "CloseDate", dataType: "DateOnly" },
  acceptedOn: { name: "Sales_Accepted_Date__c", dataType: "DateOnly" },
};
const TRACKED_NAMES = Object.values(TRACKED).map((tracked) => tracked.name);

/** A table of changes only ever grows, so it has a time of creation and no time of change. */
export const opportunityFieldHistory = defineObject<FieldChange>({
  name: "OpportunityFieldHistory",
  label: "Opportunity Field History",
  labelPlural: "Opportunity Field History",
  keyPrefix: PREFIX.OpportunityFieldHistory,
  changeField: "CreatedDate",
  table: (world) => world.fieldHistory,
  fields: [
    id("Opportunity Field History ID", (row) => recordId(PREFIX.OpportunityFieldHistory, row.key)),
    isDeleted(),
    lookup("OpportunityId", "Opportunity ID", "Opportunity", toOpportunity, { nillable: false }),
    lookup("CreatedById", "Created By ID", "User", (row) => userId(row.byKey), { nillable: false }),
    datetime("CreatedDate", "Created Date", (row) => row.at, { nillable: false }),
    picklist("Field", "Changed Field", TRACKED_NAMES, (row) => TRACKED[row.field].name, {
      nillable: false,
    }),
    picklist(
      "DataType",
      "Datatype",
      ["Text", "DynamicEnum", "Currency", "DateOnly"],
      (row) => TRACKED[row.field].dataType,
    ),
    anyType("OldValue", "Old Value", (row) => asText(row.before)),
    anyType("NewValue", "New Value", (row) => asText(row.after)),
  ],
});

function asText(value: string | number | null): string | null {
  return typeof value === "number" ? new Date(value).toISOString().slice(0, 10) : value;
}
