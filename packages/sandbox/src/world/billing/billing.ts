/** How the company bills its customers: every kind of row, made when first asked for. */
import type { Accounts } from "../accounts.ts";
import type { Clock } from "../clock.ts";
import type { Opportunities } from "../opportunities.ts";
import type { Table } from "../table.ts";
import { type BillContact, type Customer, makeCustomers } from "./customers.ts";
import { type Invoice, makeInvoices } from "./invoices.ts";
import { makeProducts, type Product } from "./products.ts";
import {
  type Charge,
  makeSubscriptions,
  type RatePlan,
  type Subscription,
} from "./subscriptions.ts";

export interface BillingRows {
  readonly accounts: Customer;
  readonly contacts: BillContact;
  readonly subscriptions: Subscription;
  readonly amendments: Subscription;
  readonly ratePlans: RatePlan;
  readonly charges: Charge;
  readonly invoices: Invoice;
  readonly invoiceItems: Invoice;
  readonly payments: Invoice;
  readonly refunds: Invoice;
  readonly products: Product;
  readonly productCharges: Product;
}

/** A table by its name; the same one each time. */
export type Billing = <Name extends keyof BillingRows>(name: Name) => Table<BillingRows[Name]>;

export function makeBilling(
  clock: Clock,
  accounts: Accounts,
  opportunities: Opportunities,
  firstWins: () => Float64Array,
): Billing {
  const customers = makeCustomers(clock, accounts, firstWins);
  const subscriptions = makeSubscriptions(clock, opportunities);
  const invoices = makeInvoices(clock, subscriptions);
  const products = makeProducts();
  const makers: { readonly [Name in keyof BillingRows]: () => Table<BillingRows[Name]> } = {
    accounts: customers.accounts,
    contacts: customers.contacts,
    subscriptions: subscriptions.versions,
    amendments: subscriptions.amendments,
    ratePlans: subscriptions.ratePlans,
    charges: subscriptions.charges,
    invoices: invoices.invoices,
    invoiceItems: invoices.items,
    payments: invoices.payments,
    refunds: invoices.refunds,
    products: products.products,
    productCharges: products.charges,
  };
  const made = new Map<keyof BillingRows, unknown>();
  return <Name extends keyof BillingRows>(name: Name) => {
    if (!made.has(name)) made.set(name, makers[name]());
    return made.get(name) as Table<BillingRows[Name]>;
  };
}
