/** Marketo's records as rows of the common data model. */
import type { Campaign, CommonModel, Person, Spend, Touch } from "./common-model.ts";
import { decimal, instant, type ReadObject, text, type VendorRecord } from "./vendor-record.ts";

const source = "marketo";

/**
 * The activity types of the seed `touch_kinds` as shipped.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities
 */
const kinds: { readonly [activityTypeId: string]: string } = {
  1: "Visit Webpage",
  2: "Fill Out Form",
  3: "Click Link",
  11: "Click Email",
  46: "Interesting Moment",
  104: "Change Status in Progression",
};
const kindsWithAsset = ["1", "2", "3", "11"];

export async function readMarketoRows(read: ReadObject): Promise<Partial<CommonModel>> {
  const programs = await read("programs");
  const programOf = new Map(
    (await read("campaigns")).map((row) => [String(row.id), text(row.programId)]),
  );
  const [leads, deleted] = [await read("leads"), await read("deleted_leads")];
  return {
    cdm_person: [
      ...leads.map((row) => personOf(row, false)),
      ...deleted.map((row) => personOf(row, true)),
    ],
    cdm_campaign: programs.map(campaignOf),
    cdm_touch: (await read("activities")).flatMap((row) => touchOf(row, programOf)),
    cdm_spend: programs.flatMap(spendOf),
  };
}

function personOf(row: VendorRecord, is_deleted: boolean): Person {
  return {
    person_id: String(row.id),
    source,
    kind: "lead",
    created_at: instant(row.createdAt),
    is_deleted,
    email: text(row.email),
    company: text(row.company),
    lead_source: text(row.leadSource),
    status: text(row.leadStatus),
    account_id: null,
    converted_at: null,
    converted_contact_id: null,
    converted_account_id: null,
    converted_opportunity_id: null,
    crm_person_id: text(row.sfdcContactId) ?? text(row.sfdcLeadId),
  };
}

function campaignOf(row: VendorRecord): Campaign {
  return {
    campaign_id: String(row.id),
    source,
    name: text(row.name),
    channel: text(row.channel),
    type: text(row.type),
    start_date: null,
    end_date: null,
    is_deleted: false,
    crm_campaign_id: text(row.sfdcId),
  };
}

/** "Campaign = the program (104: primaryAttributeValueId; others: the program of the activity's smart campaign)." */
function touchOf(
  row: VendorRecord,
  programOf: ReadonlyMap<string, string | null>,
): readonly Touch[] {
  const type = String(row.activityTypeId);
  const kind = kinds[type];
  if (kind === undefined) return [];
  const program = type === "104" ? row.primaryAttributeValueId : programOf.get(`${row.campaignId}`);
  const value = kindsWithAsset.includes(type) ? text(row.primaryAttributeValue) : null;
  // Pages and links leave the source without their query strings.
  const asset = type === "1" || type === "3" ? value?.replace(/[?#].*$/s, "") : value;
  return [
    {
      touch_id: String(row.marketoGUID),
      source,
      person_id: text(row.leadId),
      campaign_id: text(program),
      touched_at: instant(row.activityDate),
      kind,
      asset: asset?.trim() ?? null,
    },
  ];
}

/** "One row for each program cost (`spent_on` the date part of its start date as given, not shifted)." */
function spendOf(row: VendorRecord): Spend[] {
  const costs = (row.costs ?? []) as readonly VendorRecord[];
  return costs.flatMap((cost, index) => {
    const amount = decimal(cost.cost);
    if (amount === null) return [];
    return {
      spend_id: `${row.id}-${index + 1}`,
      source,
      spent_on: String(cost.startDate).slice(0, 10),
      amount,
      campaign_id: String(row.id),
      channel: text(row.channel),
      kind: "program" as const,
    };
  });
}
