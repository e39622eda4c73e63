/** Account. */
import type { Account } from "../../world/accounts.ts";
import { INDUSTRIES } from "../../world/words.ts";
import { area, currency, id, int, lookup, phone, picklist, text, url } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { addressFields } from "./address-fields.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";

export const REGIONS = ["AMER", "EMEA", "APAC"];

export const account = defineObject<Account>({
  name: "Account",
  label: "Account",
  labelPlural: "Accounts",
  keyPrefix: PREFIX.Account,
  table: (world) => world.accounts,
  fields: [
    id("Account ID", (row) => recordId(PREFIX.Account, row.key)),
    isDeleted(),
    lookup("MasterRecordId", "Master Record ID", "Account", () => null),
    text("Name", "Account Name", 255, (row) => row.name, { nillable: false, isName: true }),
    picklist(
      "Type",
      "Account Type",
      ["Prospect", "Customer", "Partner", "Other"],
      (row) => row.type,
    ),
    lookup("ParentId", "Parent Account ID", "Account", (row) =>
      row.parentKey === null ? null : recordId(PREFIX.Account, row.parentKey),
    ),
    ...addressFields<Account>("Billing", (row) => row.place),
    phone("Phone", "Account Phone", (row) => row.phone),
    phone("Fax", "Account Fax", () => null),
    text("AccountNumber", "Account Number", 40, (row) => `AC-${String(row.key).padStart(7, "0")}`),
    url("Website", "Website", (row) => `https://www.${row.domain}`),
    picklist("Industry", "Industry", INDUSTRIES, (row) => row.industry),
    currency("AnnualRevenue", "Annual Revenue", (row) => row.annualRevenue, { scale: 0 }),
    int("NumberOfEmployees", "Employees", (row) => row.employees),
    area("Description", "Account Description", 32000, (row) => row.description),
    lookup("OwnerId", "Owner ID", "User", (row) => userId(row.ownerKey), { nillable: false }),
    ...auditFields<Account>(),
    picklist("Region__c", "Region", REGIONS, (row) => row.region),
    // A formula's blank text comes as an empty string, unlike a blank stored field.
    text("Segment__c", "Segment", 1300, (row) => segmentOf(row.employees), { calculated: true }),
  ],
});

function segmentOf(employees: number | null): string {
  if (employees === null) return "";
  return employees < 100 ? "SMB" : employees < 1000 ? "Mid-Market" : "Enterprise";
}
