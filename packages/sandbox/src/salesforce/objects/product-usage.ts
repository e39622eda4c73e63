/** Product_Usage__c, an object of the company's own making. */
import type { Usage } from "../../world/usage.ts";
import { date, double, id, lookup, percent, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { auditFields, isDeleted } from "./audit-fields.ts";

export const productUsage = defineObject<Usage>({
  name: "Product_Usage__c",
  label: "Product Usage",
  labelPlural: "Product Usage",
  keyPrefix: PREFIX.Product_Usage__c,
  table: (world) => world.usage,
  fields: [
    id("Record ID", (row) => recordId(PREFIX.Product_Usage__c, row.key)),
    isDeleted(),
    text("Name", "Usage No.", 80, (row) => `PU-${row.key}`, { isName: true, nillable: false }),
    ...auditFields<Usage>(),
    lookup("Account__c", "Account", "Account", (row) => recordId(PREFIX.Account, row.accountKey)),
    date("Period_Start__c", "Period Start", (row) => row.periodStart),
    double("Active_Users__c", "Active Users", (row) => row.activeUsers),
    double("Events__c", "Events", (row) => row.events),
    double("Meter_Reading__c", "Meter Reading", (row) => row.meter, { scale: 4 }),
    percent("Feature_Share__c", "Feature Share", (row) => row.share, { precision: 6, scale: 3 }),
    // A formula over TODAY(): its value changes and SystemModstamp does not.
    double("Age_Days__c", "Age in Days", (row) => `${row.ageInDays}.0`, { calculated: true }),
  ],
});
