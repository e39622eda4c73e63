/** Zuora's ids: 32 hexadecimal digits that tell nothing of the kind of record. */

/** Ids of one kind sort in plain byte order as their keys do. */
export function zuoraId(kind: keyof typeof KINDS, key: number): string {
  return `2c92c0f8${KINDS[kind]}${key.toString(16).padStart(16, "0")}`;
}

const KINDS = {
  Account: "4b070001",
  Contact: "4b070002",
  Subscription: "4b070003",
  Amendment: "4b070004",
  RatePlan: "4b070005",
  RatePlanCharge: "4b070006",
  Product: "4b070007",
  ProductRatePlan: "4b070008",
  ProductRatePlanCharge: "4b070009",
  Invoice: "4b07000a",
  InvoiceItem: "4b07000b",
  Payment: "4b07000c",
  Refund: "4b07000d",
  PaymentTransactionLog: "4b07000e",
  User: "4b070010",
  Job: "4b070011",
  Batch: "4b070012",
  File: "4b070013",
} as const;
