/** Invoices of subscriptions with their items, and what was paid and refunded. */
import { freeText } from "../awkward-text.ts";
import { momentOf } from "../calendar.ts";
import type { Clock } from "../clock.ts";
import { pick } from "../dice.ts";
import { makeTable, type Table } from "../table.ts";
import type { BilledPlan, Subscriptions } from "./subscriptions.ts";

/** Invoices of one subscription a key has room for. */
const MOST_INVOICES = 256;
const PERIODS = [30, 91, 365] as const;

export interface Invoice {
  /** `subscriptionKey * 256 + period` */
  readonly key: number;
  readonly subscriptionKey: number;
  /** Of the version billed. */
  readonly versionKey: number;
  readonly accountKey: number;
  readonly status: "Draft" | "Posted" | "Canceled";
  readonly day: number;
  readonly periodEndDay: number;
  /** Whole cents. */
  readonly cents: number;
  readonly paidCents: number;
  readonly postedAt: number | null;
  readonly paidAt: number | null;
  readonly refundedAt: number | null;
  readonly comments: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

export interface Invoices {
  invoices(): Table<Invoice>;
  /** The recurring charge of an invoice, and with the first one the fee for setting up. */
  items(): Table<Invoice>;
  /** Under the invoice's key; a payment never changes. */
  payments(): Table<Invoice>;
  refunds(): Table<Invoice>;
}

export function makeInvoices(clock: Clock, subscriptions: Subscriptions): Invoices {
  const roll = clock.dice("invoice");
  const text = clock.dice("invoice/text");

  const periodOf = (subscriptionKey: number): number => pick(PERIODS, roll(subscriptionKey, 1));
  const invoiceOf = (key: number, plan: BilledPlan): Invoice => {
    const subscriptionKey = Math.floor(key / MOST_INVOICES);
    const length = periodOf(subscriptionKey);
    const day = plan.startDay + (key % MOST_INVOICES) * length;
    const version = plan.versions.findLast((each) => each.day <= day) ?? plan.versions[0]!;
    const cents = Math.round((((version.mrr + version.addedMrr) * 12) / 365) * length * 100);
    const fate = roll(key, 2);
    const postDay = day + 1 + Math.floor(roll(key, 3) * 3);
    const isDropped = fate < 0.03 && key % MOST_INVOICES > 0;
    const cancelDay = fate > 0.97 ? postDay + 2 + Math.floor(roll(key, 4) * 20) : null;
    const payDay =
      cancelDay === null && fate < 0.93 ? postDay + 3 + Math.floor(roll(key, 5) * 35) : null;
    const refundDay = payDay !== null && fate > 0.9 ? payDay + 10 : null;
    const happened = (on: number | null, part: number): number | null =>
      on !== null && on <= clock.lastDay ? momentOf(on, roll(key, part)) : null;
    const createdAt = momentOf(day, roll(key, 6));
    const droppedAt = isDropped ? happened(postDay, 7) : null;
    const postedAt = isDropped ? null : happened(postDay, 7);
    const cancelledAt = isDropped ? null : happened(cancelDay, 8);
    const paidAt = isDropped ? null : happened(payDay, 9);
    const refundedAt = isDropped ? null : happened(refundDay, 10);
    const latest = refundedAt ?? paidAt ?? cancelledAt ?? postedAt ?? droppedAt ?? createdAt;
    return {
      key,
      subscriptionKey,
      versionKey: subscriptionKey * 16 + version.number - 1,
      accountKey: plan.accountKey,
      status: cancelledAt !== null ? "Canceled" : postedAt !== null ? "Posted" : "Draft",
      day,
      periodEndDay: day + length - 1,
      cents,
      paidCents: paidAt === null || refundedAt !== null ? 0 : cents,
      postedAt,
      paidAt,
      refundedAt,
      comments: freeText(text, key % 1000 < 13 ? key % 1000 : key),
      createdAt,
      changedAt: latest,
      isDeleted: droppedAt !== null,
    };
  };
  const rowOf = (key: number): Invoice =>
    invoiceOf(key, subscriptions.planOf(Math.floor(key / MOST_INVOICES)));
  const each = (visit: (invoice: Invoice) => void): void =>
    subscriptions.each((subscriptionKey, plan) => {
      const length = periodOf(subscriptionKey);
      const endDay = Math.min(lastEndOf(plan), plan.deletedDay ?? Number.POSITIVE_INFINITY);
      for (let period = 0; period < MOST_INVOICES; period++) {
        const day = plan.startDay + period * length;
        if (day > clock.lastDay || day >= endDay) return;
        visit(invoiceOf(subscriptionKey * MOST_INVOICES + period, plan));
      }
    });
  const tableOf = (
    wants: (invoice: Invoice) => boolean,
    timeOf: (invoice: Invoice) => number,
  ): Table<Invoice> => {
    const shape = (invoice: Invoice): Invoice => ({
      ...invoice,
      // What happens to the invoice later does not change what was paid.
      ...{ status: "Posted", paidCents: invoice.cents, isDeleted: false },
      ...{ createdAt: timeOf(invoice), changedAt: timeOf(invoice) },
      refundedAt: invoice.refundedAt === timeOf(invoice) ? invoice.refundedAt : null,
    });
    return makeTable<Invoice>(
      (emit) =>
        each((invoice) => {
          if (wants(invoice)) emit(invoice.key, timeOf(invoice), false);
        }),
      (key) => shape(rowOf(key)),
    );
  };
  return {
    invoices: () =>
      makeTable<Invoice>(
        (emit) => each(({ key, changedAt, isDeleted }) => emit(key, changedAt, isDeleted)),
        rowOf,
      ),
    items: () =>
      makeTable<Invoice>(
        (emit) =>
          each(({ key, changedAt, isDeleted }) => {
            emit(key * 2, changedAt, isDeleted);
            if (key % MOST_INVOICES === 0) emit(key * 2 + 1, changedAt, isDeleted);
          }),
        (key) => ({ ...rowOf(Math.floor(key / 2)), key }),
      ),
    payments: () =>
      tableOf(
        ({ paidAt }) => paidAt !== null,
        ({ paidAt }) => paidAt!,
      ),
    refunds: () =>
      tableOf(
        ({ refundedAt }) => refundedAt !== null,
        ({ refundedAt }) => refundedAt!,
      ),
  };
}

/** The day from which nothing is billed any more, whether or not anybody knows it yet. */
function lastEndOf({ versions }: BilledPlan): number {
  return versions.at(-1)!.endDay ?? Number.POSITIVE_INFINITY;
}
