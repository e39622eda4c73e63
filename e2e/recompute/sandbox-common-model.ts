/** The rows of the common data model, made of what the sandbox's vendors know to be true. */
import type { CommonModel } from "./common-model.ts";
import { readMarketoRows } from "./marketo-rows.ts";
import { readSalesforceRows } from "./salesforce-rows.ts";
import type { ReadObject } from "./vendor-record.ts";
import { readZuoraRows } from "./zuora-rows.ts";

/** The truth of each vendor the company uses. */
export interface Vendors {
  readonly salesforce: ReadObject;
  readonly zuora?: ReadObject;
  readonly marketo?: ReadObject;
}

/** @param zone the warehouse zone */
export async function readCommonModel(vendors: Vendors, zone: string): Promise<CommonModel> {
  const none: Partial<CommonModel> = {};
  const salesforce = await readSalesforceRows(vendors.salesforce, zone);
  const zuora = vendors.zuora ? await readZuoraRows(vendors.zuora) : none;
  const marketo = vendors.marketo ? await readMarketoRows(vendors.marketo) : none;
  // "Salesforce: `ActualCost` only for campaigns no Marketo program points to."
  const pointedTo = new Set(marketo.cdm_campaign?.map((row) => row.crm_campaign_id));
  const spend = salesforce.cdm_spend?.filter((row) => !pointedTo.has(row.campaign_id));
  return {
    cdm_account: join(salesforce.cdm_account, zuora.cdm_account),
    cdm_person: join(salesforce.cdm_person, marketo.cdm_person),
    cdm_campaign: join(salesforce.cdm_campaign, marketo.cdm_campaign),
    cdm_touch: join(salesforce.cdm_touch, marketo.cdm_touch),
    cdm_opportunity: join(salesforce.cdm_opportunity),
    cdm_opportunity_person: join(salesforce.cdm_opportunity_person),
    cdm_subscription: join(zuora.cdm_subscription),
    cdm_invoice: join(zuora.cdm_invoice),
    cdm_spend: join(spend, marketo.cdm_spend),
  };
}

function join<Row>(...parts: readonly (readonly Row[] | undefined)[]): Row[] {
  return parts.flatMap((rows) => rows ?? []);
}
