/** Subscription, Amendment, RatePlan and RatePlanCharge. */
import { PREFIX } from "../../salesforce/key-prefixes.ts";
import { recordId } from "../../salesforce/record-id.ts";
import type { Charge, RatePlan, Subscription } from "../../world/billing/subscriptions.ts";
import { startOfDay } from "../../world/calendar.ts";
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

const firstVersion = ({ subscriptionKey }: Subscription) =>
  zuoraId("Subscription", subscriptionKey * 16);
const versionBefore = ({ key }: Subscription) => zuoraId("Subscription", key - 1);
const dayOrNull = (day: number | null) => (day === null ? null : startOfDay(day));

export const subscription = defineZObject<Subscription>({
  name: "Subscription",
  label: "Subscription",
  table: (world) => world.billing("subscriptions"),
  joins: [
    join("Account", (row) => zuoraId("Account", row.accountKey)),
    join("InvoiceOwner", (row) => zuoraId("Account", row.accountKey)),
  ],
  fields: [
    text("Id", (row) => zuoraId("Subscription", row.key), { required: true }),
    text("Name", (row) => `A-S${String(row.subscriptionKey).padStart(8, "0")}`, { required: true }),
    integer("Version", (row) => row.version.number, { required: true }),
    text("OriginalId", firstVersion, { required: true }),
    text("PreviousSubscriptionId", (row) => (row.version.number === 1 ? null : versionBefore(row))),
    picklist("Status", (row) => row.status, { required: true }),
    picklist("TermType", () => "TERMED"),
    flag("AutoRenew", (row) => row.autoRenews),
    integer("InitialTerm", () => 12),
    integer("RenewalTerm", () => 12),
    date("ContractEffectiveDate", (row) => row.startDate),
    date("ContractAcceptanceDate", (row) => row.acceptedOn),
    date("SubscriptionStartDate", (row) => row.startDate),
    date("SubscriptionEndDate", (row) => dayOrNull(row.version.endDay ?? row.version.termEndDay)),
    date("TermStartDate", (row) => startOfDay(row.version.termStartDay)),
    date("TermEndDate", (row) => startOfDay(row.version.termEndDay)),
    date("CancelledDate", (row) =>
      row.version.isCancelled ? dayOrNull(row.version.endDay) : null,
    ),
    text("Notes", (row) => row.notes),
    text("OpportunityId__c", (row) => recordId(PREFIX.Opportunity, row.opportunityKey)),
    decimal("MeteredUnits__c", (row) => row.meteredUnits),
    integer("Seats__c", (row) => row.seats),
    flag("IsLatestVersion", (row) => row.status !== "Expired", { refused: "by exports" }),
    ...auditFields<Subscription>(),
  ],
});

const KINDS = {
  Order: "NewProduct",
  UpdateProduct: "UpdateProduct",
  Renewal: "Renewal",
  Cancellation: "Cancellation",
} as const;

export const amendment = defineZObject<Subscription>({
  name: "Amendment",
  label: "Amendment",
  table: (world) => world.billing("amendments"),
  joins: [join("Subscription", versionBefore)],
  fields: [
    text("Id", (row) => zuoraId("Amendment", row.key), { required: true }),
    text("Code", (row) => `A-AM${String(row.key).padStart(8, "0")}`),
    text("Name", (row) => `${KINDS[row.version.cause]} ${row.version.number}`),
    picklist("Type", (row) => KINDS[row.version.cause], { required: true }),
    picklist("Status", () => "Completed", { required: true }),
    date("ContractEffectiveDate", (row) => startOfDay(row.version.day)),
    text("Description", (row) => row.notes),
    ...auditFields<Subscription>(),
  ],
});

const productOf = ({ part }: { readonly part: number }) => part;

export const ratePlan = defineZObject<RatePlan>({
  name: "RatePlan",
  label: "Rate Plan",
  table: (world) => world.billing("ratePlans"),
  joins: [
    join("Subscription", (row) => zuoraId("Subscription", row.subscription.key)),
    join("Product", (row) => zuoraId("Product", productOf(row))),
    join("ProductRatePlan", (row) => zuoraId("ProductRatePlan", productOf(row))),
  ],
  fields: [
    text("Id", (row) => zuoraId("RatePlan", row.key), { required: true }),
    text("Name", (row) => (row.part === 0 ? "Platform, yearly" : "Extra seats"), {
      required: true,
    }),
    picklist("AmendmentType", (row) => (row.part === 0 ? null : "NewProduct")),
    ...auditFields<RatePlan>(),
  ],
});

export const ratePlanCharge = defineZObject<Charge>({
  name: "RatePlanCharge",
  label: "Rate Plan Charge",
  table: (world) => world.billing("charges"),
  joins: [
    join("RatePlan", (row) => zuoraId("RatePlan", Math.floor(row.key / 2))),
    join("ProductRatePlanCharge", (row) =>
      zuoraId("ProductRatePlanCharge", productOf(row) * 2 + row.charge),
    ),
    join("Subscription", (row) => zuoraId("Subscription", row.subscription.key)),
  ],
  fields: [
    text("Id", (row) => zuoraId("RatePlanCharge", row.key), { required: true }),
    text("ChargeNumber", (row) => `C-${String(row.key).padStart(8, "0")}`, { required: true }),
    text("Name", (row) => (row.charge === 0 ? "Yearly fee" : "Setting up"), { required: true }),
    picklist("ChargeType", (row) => (row.charge === 0 ? "Recurring" : "OneTime"), {
      required: true,
    }),
    picklist("ChargeModel", () => "Flat Fee Pricing"),
    decimal("MRR", (row) => row.mrr),
    decimal("DMRR", (row) => row.mrr),
    decimal("TCV", (row) => row.tcv),
    decimal("Quantity", (row) => `${row.subscription.seats}.000000000`),
    text("UOM", (row) => (row.charge === 0 ? "Seats" : null)),
    integer("Segment", () => 1),
    integer("Version", (row) => row.subscription.version.number),
    flag("IsLastSegment", (row) => (row.key % 7 === 0 ? null : row.charge === 0)),
    date("EffectiveStartDate", (row) => startOfDay(row.subscription.version.termStartDay)),
    date("EffectiveEndDate", (row) =>
      startOfDay(row.subscription.version.endDay ?? row.subscription.version.termEndDay),
    ),
    text("Description", (row) => (row.key % 16 === 0 ? row.subscription.notes : null)),
    ...auditFields<Charge>(),
  ],
});
