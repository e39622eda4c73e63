/** Invoice, InvoiceItem, Payment, Refund and PaymentTransactionLog. */
import type { Invoice } from "../../world/billing/invoices.ts";
import { startOfDay } from "../../world/calendar.ts";
import { zuoraId } from "../record-id.ts";
import {
  auditFields,
  date,
  datetime,
  decimal,
  defineZObject,
  flag,
  join,
  picklist,
  text,
} from "../zobject.ts";

const account = join<Invoice>("Account", (row) => zuoraId("Account", row.accountKey));

/** Exact: cents are whole numbers. */
function money(cents: number): string {
  if (cents === 0) return "0E-9";
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}0000000`;
}

export const invoice = defineZObject<Invoice>({
  name: "Invoice",
  label: "Invoice",
  table: (world) => world.billing("invoices"),
  joins: [account, join("BillToContact", (row) => zuoraId("Contact", row.accountKey * 2))],
  fields: [
    text("Id", (row) => zuoraId("Invoice", row.key), { required: true }),
    text("InvoiceNumber", (row) => `INV${String(row.key).padStart(8, "0")}`, { required: true }),
    picklist("Status", (row) => row.status, { required: true }),
    date("InvoiceDate", (row) => startOfDay(row.day), { required: true }),
    date("DueDate", (row) => startOfDay(row.day + 30)),
    decimal("Amount", (row) => money(row.cents), { required: true }),
    decimal("AmountWithoutTax", (row) => money(row.cents)),
    decimal("TaxAmount", () => "0E-9"),
    decimal("Balance", (row) =>
      money(row.status === "Posted" ? row.cents - row.paidCents : row.cents),
    ),
    flag("IncludesOneTime", (row) => (row.key % 256 === 0 ? true : null)),
    datetime("PostedDate", (row) => row.postedAt),
    text("Comments", (row) => row.comments),
    text("PostedBy", (row) => (row.postedAt === null ? null : `Poster Planted ${row.key % 9}`)),
    text("EInvoiceStatus", () => null, { refused: "always" }),
    ...auditFields<Invoice>(),
  ],
});

const invoiceKeyOf = ({ key }: Invoice) => Math.floor(key / 2);

export const invoiceItem = defineZObject<Invoice>({
  name: "InvoiceItem",
  label: "Invoice Item",
  table: (world) => world.billing("invoiceItems"),
  joins: [
    account,
    join("Invoice", (row) => zuoraId("Invoice", invoiceKeyOf(row))),
    join("Subscription", (row) => zuoraId("Subscription", row.versionKey)),
    join("RatePlanCharge", (row) => zuoraId("RatePlanCharge", row.versionKey * 4 + (row.key % 2))),
  ],
  fields: [
    text("Id", (row) => zuoraId("InvoiceItem", row.key), { required: true }),
    text("ChargeName", (row) => (row.key % 2 === 0 ? "Yearly fee" : "Setting up")),
    decimal("ChargeAmount", (row) => (row.key % 2 === 0 ? money(row.cents) : "1.5E+3")),
    decimal("UnitPrice", (row) => (row.key % 2 === 0 ? money(row.cents) : "1.5E+3")),
    decimal("Quantity", () => "1.000000000"),
    date("ServiceStartDate", (row) => startOfDay(row.day)),
    date("ServiceEndDate", (row) => startOfDay(row.periodEndDay)),
    ...auditFields<Invoice>(),
  ],
});

export const payment = defineZObject<Invoice>({
  name: "Payment",
  label: "Payment",
  table: (world) => world.billing("payments"),
  joins: [account],
  fields: [
    text("Id", (row) => zuoraId("Payment", row.key), { required: true }),
    text("PaymentNumber", (row) => `P-${String(row.key).padStart(8, "0")}`, { required: true }),
    decimal("Amount", (row) => money(row.cents), { required: true }),
    date("EffectiveDate", (row) => dayOf(row.paidAt!)),
    picklist("Status", () => "Processed", { required: true }),
    picklist("Type", () => "External"),
    text("Comment", (row) => row.comments),
    ...auditFields<Invoice>(),
  ],
});

export const refund = defineZObject<Invoice>({
  name: "Refund",
  label: "Refund",
  table: (world) => world.billing("refunds"),
  joins: [account],
  fields: [
    text("Id", (row) => zuoraId("Refund", row.key), { required: true }),
    text("RefundNumber", (row) => `R-${String(row.key).padStart(8, "0")}`, { required: true }),
    decimal("Amount", (row) => money(row.cents), { required: true }),
    date("RefundDate", (row) => dayOf(row.refundedAt!)),
    picklist("Status", () => "Processed", { required: true }),
    ...auditFields<Invoice>(),
  ],
});

/** Has no UpdatedDate, and AQuA does not tell which of its rows are deleted. */
export const paymentTransactionLog = defineZObject<Invoice>({
  name: "PaymentTransactionLog",
  label: "Payment Transaction Log",
  table: (world) => world.billing("payments"),
  changeField: "TransactionDate",
  tellsDeleted: false,
  joins: [join("Payment", (row) => zuoraId("Payment", row.key))],
  fields: [
    text("Id", (row) => zuoraId("PaymentTransactionLog", row.key), { required: true }),
    text("Gateway", () => "Fabrikam Pay"),
    text("GatewayReasonCode", () => "Approved"),
    datetime("TransactionDate", (row) => row.changedAt, { required: true }),
  ],
});

function dayOf(time: number): number {
  return Math.floor(time / 86_400_000) * 86_400_000;
}
