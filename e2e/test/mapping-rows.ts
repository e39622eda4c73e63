/** A handful of rows of Zuora and Marketo, named as tap-zuora and tap-marketo name them. */

/** A stream: properties with their types (`n` number, `i` integer, `b` boolean, `d` date, `t` time, else text). */
export interface Stream {
  readonly name: string;
  readonly key: readonly string[];
  readonly types: { readonly [property: string]: string };
  readonly rows: readonly { readonly [property: string]: unknown }[];
}

const schemas: { readonly [type: string]: object } = {
  n: { type: ["null", "number"] },
  i: { type: ["null", "integer"] },
  b: { type: ["null", "boolean"] },
  d: { type: ["null", "string"], format: "date" },
  t: { type: ["null", "string"], format: "date-time" },
  s: { type: ["null", "string"] },
};

const created = "2026-01-01T10:00:00Z";
const audit = { CreatedDate: "t", UpdatedDate: "t", Deleted: "b" };
const stamp = { CreatedDate: created, UpdatedDate: created, Deleted: false };

export const billing: readonly Stream[] = [
  {
    ...{ name: "Account", key: ["Id"] },
    types: {
      ...{ Id: "s", Name: "s", AccountNumber: "s", CrmId: "s", ParentAccountId: "s", ...audit },
      ...{ Currency: "s", Status: "s" },
    },
    rows: [
      { Id: "za", Name: "Acme", CrmId: "001A", ...stamp },
      { Id: "zb", Name: "Gone", CrmId: null, ...stamp, Deleted: true },
    ],
  },
  {
    ...{ name: "Subscription", key: ["Id"] },
    types: {
      ...{ Id: "s", AccountId: "s", Name: "s", Version: "i", Status: "s", ...audit },
      ...{ SubscriptionStartDate: "d", SubscriptionEndDate: "d", CancelledDate: "d" },
    },
    rows: [
      {
        ...{ Id: "s1", AccountId: "za", Name: "A-S1", Version: 1, Status: "Expired", ...stamp },
        SubscriptionStartDate: "2026-01-01",
      },
      {
        ...{ Id: "s2", AccountId: "za", Name: "A-S1", Version: 2, Status: "Cancelled", ...stamp },
        ...{ SubscriptionStartDate: "2026-01-01", CancelledDate: "2026-06-01" },
      },
      { Id: "s3", AccountId: "za", Name: "A-S3", Version: 1, ...stamp, Deleted: true },
    ],
  },
  {
    ...{ name: "RatePlan", key: ["Id"] },
    types: { Id: "s", SubscriptionId: "s", Name: "s", ...audit },
    rows: [{ Id: "r1", SubscriptionId: "s1", Name: "Yearly", ...stamp }],
  },
  {
    ...{ name: "RatePlanCharge", key: ["Id"] },
    types: { Id: "s", RatePlanId: "s", Name: "s", MRR: "n", IsLastSegment: "b", ...audit },
    rows: [
      { Id: "c1", RatePlanId: "r1", MRR: 80, IsLastSegment: false, ...stamp },
      { Id: "c2", RatePlanId: "r1", MRR: 100.25, IsLastSegment: true, ...stamp },
      { Id: "c3", RatePlanId: "r1", MRR: 0.000000001, IsLastSegment: null, ...stamp },
      { Id: "c4", RatePlanId: "r1", MRR: 5, IsLastSegment: true, ...stamp, Deleted: true },
    ],
  },
  {
    ...{ name: "Invoice", key: ["Id"] },
    types: { Id: "s", AccountId: "s", InvoiceDate: "d", Amount: "n", Status: "s", ...audit },
    rows: [
      {
        ...{ Id: "i1", AccountId: "za", InvoiceDate: "2026-02-01", Amount: 1203.5, ...stamp },
        Status: "Posted",
      },
      { Id: "i2", AccountId: "za", InvoiceDate: "2026-02-01", Amount: 1, ...stamp, Deleted: true },
    ],
  },
];

const activityTypes = {
  ...{ marketoGUID: "s", leadId: "i", activityDate: "t", activityTypeId: "i", campaignId: "i" },
  ...{ primary_attribute_value: "s", primary_attribute_value_id: "s" },
};
const activity = (name: string, rows: Stream["rows"]): Stream => ({
  name: `activities_${name}`,
  key: ["marketoGUID"],
  types: activityTypes,
  rows: rows.map((row) => ({ activityDate: created, campaignId: null, ...row })),
});

/** @param crmCampaign a Salesforce campaign that a program points to */
export const marketing = (crmCampaign: string): readonly Stream[] => [
  {
    ...{ name: "leads", key: ["id"] },
    types: {
      ...{ id: "i", email: "s", company: "s", leadSource: "s", leadStatus: "s", createdAt: "t" },
      ...{ sfdcContactId: "s", sfdcLeadId: "s" },
    },
    rows: [
      { id: 1, sfdcContactId: "003C", sfdcLeadId: "00QX", createdAt: created },
      { id: 2, sfdcLeadId: "00QL", createdAt: created },
      { id: 3, createdAt: created },
    ],
  },
  {
    ...{ name: "programs", key: ["id"] },
    types: { id: "i", name: "s", channel: "s", type: "s", sfdcId: "s", createdAt: "t" },
    rows: [
      { id: 500, name: "Spring", channel: "Webinar", sfdcId: crmCampaign, createdAt: created },
      { id: 501, name: "Autumn", channel: "Email", sfdcId: null, createdAt: created },
    ],
  },
  {
    ...{ name: "program_costs", key: ["program_id", "position"] },
    types: { program_id: "i", position: "i", startDate: "d", cost: "n" },
    rows: [
      { program_id: 500, position: 0, startDate: "2026-03-01", cost: 10.5 },
      { program_id: 500, position: 1, startDate: "2026-04-01", cost: 7 },
    ],
  },
  {
    ...{ name: "campaigns", key: ["id"] },
    types: { id: "i", name: "s", programId: "i", createdAt: "t" },
    rows: [{ id: 11, name: "Responses", programId: 500, createdAt: created }],
  },
  activity("visit_webpage", [
    {
      ...{ marketoGUID: "g1", leadId: 1, activityTypeId: 1, campaignId: 11 },
      primary_attribute_value: " /price ",
    },
    { marketoGUID: "g2", leadId: 2, activityTypeId: 1, primary_attribute_value: "/blog" },
  ]),
  activity("change_status_in_progression", [
    {
      ...{ marketoGUID: "g3", leadId: 1, activityTypeId: 104, campaignId: 11 },
      ...{ primary_attribute_value: "Autumn", primary_attribute_value_id: "501" },
    },
  ]),
  activity("send_email", [{ marketoGUID: "g4", leadId: 1, activityTypeId: 6, campaignId: 11 }]),
  activity("delete_lead", [{ marketoGUID: "g5", leadId: 3, activityTypeId: 37 }]),
];

/** What a tap would write. */
export function toMessages(streams: readonly Stream[]): string {
  return streams
    .flatMap((stream) => [
      { type: "SCHEMA", stream: stream.name, schema: toSchema(stream), key_properties: stream.key },
      ...stream.rows.map((record) => ({ type: "RECORD", stream: stream.name, record })),
    ])
    .map((message) => `${JSON.stringify(message)}\n`)
    .join("");
}

/** What a tap would discover. */
export function toCatalog(streams: readonly Stream[]): string {
  const metadata = ({ types }: Stream) => [
    { breadcrumb: [], metadata: { "selected-by-default": true } },
    ...Object.keys(types).map((name) => ({
      breadcrumb: ["properties", name],
      metadata: { inclusion: "available", "selected-by-default": true },
    })),
  ];
  return JSON.stringify({
    streams: streams.map((stream) => ({
      ...{ tap_stream_id: stream.name, stream: stream.name },
      ...{ key_properties: stream.key, schema: toSchema(stream), metadata: metadata(stream) },
    })),
  });
}

function toSchema({ types }: Stream): object {
  const properties = Object.entries(types).map(([name, type]) => [name, schemas[type]]);
  return { type: "object", properties: Object.fromEntries(properties) };
}
