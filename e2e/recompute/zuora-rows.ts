/** Zuora's records as rows of the common data model. */
import type { CommonModel } from "./common-model.ts";
import { sum } from "./decimal.ts";
import { appendTo } from "./group-rows.ts";
import { decimal, instant, type ReadObject, text, type VendorRecord } from "./vendor-record.ts";

const source = "zuora";

/** https://knowledgecenter.zuora.com/Zuora_Platform/API/G_SOAP_API/E1_SOAP_API_Object_Reference */
export async function readZuoraRows(read: ReadObject): Promise<Partial<CommonModel>> {
  const mrr = await readMrr(read);
  return {
    cdm_account: (await read("Account")).map(accountOf),
    cdm_subscription: (await read("Subscription")).filter(isKept).map((row) => ({
      subscription_id: String(row.Id),
      source,
      account_id: text(row.AccountId),
      name: String(row.Name),
      version: Number(row.Version),
      status: text(row.Status),
      start_date: text(row.SubscriptionStartDate),
      end_date: text(row.SubscriptionEndDate),
      cancelled_at: text(row.CancelledDate),
      mrr: mrr(String(row.Id)),
    })),
    cdm_invoice: (await read("Invoice")).filter(isKept).map((row) => ({
      invoice_id: String(row.Id),
      source,
      account_id: text(row.AccountId),
      invoice_date: text(row.InvoiceDate),
      amount: decimal(row.Amount),
      status: text(row.Status),
    })),
  };
}

function accountOf(row: VendorRecord) {
  return {
    account_id: String(row.Id),
    source,
    name: text(row.Name),
    created_at: instant(row.CreatedDate),
    is_deleted: !isKept(row),
    domain: null,
    type: null,
    industry: null,
    employees: null,
    country: null,
    parent_account_id: text(row.ParentAccountId),
    owner_id: null,
    crm_account_id: text(row.CrmId),
  };
}

/** Monthly recurring revenue of each version of a subscription: its charges', past segments left out. */
async function readMrr(read: ReadObject) {
  const plans = new Map(
    (await read("RatePlan"))
      .filter(isKept)
      .map((row) => [String(row.Id), String(row.SubscriptionId)]),
  );
  const charges = new Map<string, VendorRecord[]>();
  for (const row of (await read("RatePlanCharge")).filter(isKept)) {
    const subscription = plans.get(String(row.RatePlanId));
    if (subscription !== undefined && row.IsLastSegment !== false) {
      appendTo(charges, subscription, row);
    }
  }
  return (subscription: string) =>
    sum((charges.get(subscription) ?? []).flatMap((row) => decimal(row.MRR) ?? []));
}

function isKept(row: VendorRecord): boolean {
  return row.Deleted !== true;
}
