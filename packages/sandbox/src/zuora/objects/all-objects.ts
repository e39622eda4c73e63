/** Every object of the tenant, in the vendor's alphabetical order. */
import type { ZObject } from "../zobject.ts";
import { account, contact } from "./customers.ts";
import { invoice, invoiceItem, payment, paymentTransactionLog, refund } from "./invoices.ts";
import { product, productRatePlan, productRatePlanCharge } from "./products.ts";
import { amendment, ratePlan, ratePlanCharge, subscription } from "./subscriptions.ts";

export const ALL_ZUORA_OBJECTS: readonly ZObject[] = [
  account,
  amendment,
  contact,
  invoice,
  invoiceItem,
  payment,
  paymentTransactionLog,
  product,
  productRatePlan,
  productRatePlanCharge,
  ratePlan,
  ratePlanCharge,
  refund,
  subscription,
];

const BY_NAME = new Map(ALL_ZUORA_OBJECTS.map((object) => [object.name.toLowerCase(), object]));

/** An object by its API name, whatever the case. */
export function findZuoraObject(name: string): ZObject | undefined {
  return BY_NAME.get(name.toLowerCase());
}
