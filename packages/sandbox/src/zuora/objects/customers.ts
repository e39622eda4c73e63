/** Account and Contact. */
import { PREFIX } from "../../salesforce/key-prefixes.ts";
import { recordId } from "../../salesforce/record-id.ts";
import type { BillContact, Customer } from "../../world/billing/customers.ts";
import { zuoraId } from "../record-id.ts";
import {
  auditFields,
  date,
  decimal,
  defineZObject,
  flag,
  integer,
  join,
  picklist,
  text,
} from "../zobject.ts";

/** A Salesforce id of the right form that no account has. */
const NOBODY = 700_000_000;

export const account = defineZObject<Customer>({
  name: "Account",
  label: "Account",
  table: (world) => world.billing("accounts"),
  joins: [
    join("BillToContact", (row) => zuoraId("Contact", row.key * 2)),
    join("SoldToContact", (row) => zuoraId("Contact", row.key * 2)),
    join("ParentAccount", () => null),
  ],
  fields: [
    text("Id", (row) => zuoraId("Account", row.key), { required: true }),
    text("AccountNumber", (row) => `A${String(row.key).padStart(8, "0")}`, { required: true }),
    text("Name", (row) => row.name, { required: true }),
    text("CrmId", (row) =>
      row.crm === null
        ? null
        : recordId(PREFIX.Account, row.crm === "nobody" ? NOBODY + row.key : row.key),
    ),
    picklist("Status", () => "Active", { required: true }),
    picklist("Currency", () => "USD", { required: true }),
    flag("AutoPay", (row) => row.autoPays),
    integer("BillCycleDay", (row) => 1 + (row.key % 28)),
    decimal("Balance", (row) => (row.revision === 0 ? "0E-9" : `${row.revision * 137}.250000000`)),
    decimal("Mrr", (row) => `${row.key * 11}.123456789`, { exported: false }),
    date("LastInvoiceDate", () => null),
    picklist("PaymentTerm", () => "Net 30"),
    text("Notes", (row) => row.notes),
    text("CustomerServiceRepName", (row) => `Rep Planted ${row.key}`),
    text("AdditionalEmailAddresses", (row) => `billing-list-${row.key}@example.org`),
    picklist("Segment__c", (row) => (row.key % 3 === 0 ? "SMB" : "Enterprise")),
    text("Nickname__c", (row) => `nick-${row.key}`),
    text("TaxCompanyCode", () => null, { refused: "always" }),
    ...auditFields<Customer>(),
  ],
});

export const contact = defineZObject<BillContact>({
  name: "Contact",
  label: "Contact",
  table: (world) => world.billing("contacts"),
  joins: [join("Account", (row) => zuoraId("Account", row.accountKey))],
  fields: [
    text("Id", (row) => zuoraId("Contact", row.key), { required: true }),
    text("FirstName", (row) => row.firstName, { required: true }),
    text("LastName", (row) => row.lastName, { required: true }),
    text("NickName", () => null),
    text("WorkEmail", (row) => row.email),
    text("PersonalEmail", () => null),
    text("WorkPhone", (row) => row.phone),
    text("Fax", () => null),
    text("Address1", (row) => row.place.street),
    text("Address2", () => null),
    text("City", (row) => row.place.city),
    text("State", (row) => row.place.state),
    text("Country", (row) => row.place.country),
    text("PostalCode", (row) => row.place.postalCode),
    text("Description", (row) => row.remarks),
    ...auditFields<BillContact>(),
  ],
});
