import { parseJsonVerbatim } from "@bizops/singer";
import { comparableRows } from "./comparable-rows.ts";
import { at } from "./make-rows.ts";
import { readCommonModel } from "./sandbox-common-model.ts";
import type { ReadObject, VendorRecord } from "./vendor-record.ts";

const reader =
  (objects: { readonly [object: string]: readonly VendorRecord[] }): ReadObject =>
  async (object) =>
    objects[object] ?? [];
const created = "2024-01-01T02:00:00.000+0000";

test("Salesforce: members are touches, roles merge, costs are spend of the first day", async () => {
  const model = await readCommonModel(
    {
      salesforce: reader({
        Campaign: [
          {
            Id: "c1",
            Type: "Email",
            ActualCost: 10.5,
            StartDate: "2024-02-01",
            CreatedDate: created,
          },
          {
            Id: "c2",
            Type: null,
            ActualCost: 5,
            StartDate: null,
            CreatedDate: created,
            IsDeleted: true,
          },
          { Id: "c3", ActualCost: 0, CreatedDate: created },
          { Id: "c4", ActualCost: null, CreatedDate: created },
        ],
        CampaignMember: [
          { Id: "m1", ContactId: "p", LeadId: "l", FirstRespondedDate: "2024-01-05" },
          {
            Id: "m2",
            ContactId: null,
            LeadId: "l",
            FirstRespondedDate: null,
            CreatedDate: created,
          },
          { Id: "m3", ContactId: "p", CreatedDate: created, IsDeleted: true },
        ],
        OpportunityContactRole: [
          { OpportunityId: "o", ContactId: "p", IsPrimary: true },
          { OpportunityId: "o", ContactId: "p", IsPrimary: false },
          { OpportunityId: "o", ContactId: "q", IsPrimary: true, IsDeleted: true },
        ],
      }),
    },
    "America/New_York",
  );
  expect(model.cdm_spend.map((row) => [row.spend_id, row.spent_on, row.amount.toString()])).toEqual(
    [
      ["c1", "2024-02-01", "10.5"],
      ["c2", "2023-12-31", "5"],
    ],
  );
  expect(model.cdm_touch.map((row) => [row.touch_id, row.person_id, row.touched_at])).toEqual([
    ["m1", "p", at("2024-01-05T05:00Z")],
    ["m2", "l", at("2024-01-01T02:00Z")],
  ]);
  expect(model.cdm_opportunity_person).toEqual([
    { opportunity_id: "o", person_id: "p", is_primary: true },
  ]);
});

test("Marketo: programs are campaigns, acts of the listed types touches; their costs replace Salesforce's", async () => {
  const act = { leadId: 1, activityDate: "2024-01-01T00:00:00Z", campaignId: 7 };
  const model = await readCommonModel(
    {
      salesforce: reader({ Campaign: [{ Id: "c1", ActualCost: 10, StartDate: "2024-02-01" }] }),
      marketo: reader({
        leads: [{ id: 1, createdAt: created, sfdcContactId: null, sfdcLeadId: "l" }],
        deleted_leads: [{ id: 2, createdAt: created }],
        programs: [
          {
            id: 9,
            sfdcId: "c1",
            channel: "Web",
            costs: [
              { startDate: "2024-03-01T00:00:00Z+0000", cost: 3 },
              { startDate: "2024-04-01", cost: 0 },
            ],
          },
        ],
        campaigns: [{ id: 7, programId: 9 }],
        activities: [
          { ...act, marketoGUID: "a", activityTypeId: 1, primaryAttributeValue: " /x?token=1 " },
          { ...act, marketoGUID: "b", activityTypeId: 46, primaryAttributeValue: "y" },
          { ...act, marketoGUID: "c", activityTypeId: 104, primaryAttributeValueId: 8 },
          { ...act, marketoGUID: "d", activityTypeId: 2, campaignId: null },
          { ...act, marketoGUID: "e", activityTypeId: 6 },
        ],
      }),
    },
    "America/New_York",
  );
  expect(model.cdm_person).toMatchObject([
    { person_id: "1", is_deleted: false, crm_person_id: "l" },
    { person_id: "2", is_deleted: true, crm_person_id: null },
  ]);
  expect(model.cdm_touch.map((row) => [row.touch_id, row.campaign_id, row.asset])).toEqual([
    ["a", "9", "/x"],
    ["b", "9", null],
    ["c", "8", null],
    ["d", null, null],
  ]);
  expect(model.cdm_spend).toMatchObject([
    { spend_id: "9-1", spent_on: "2024-03-01", campaign_id: "9", channel: "Web" },
    { spend_id: "9-2", spent_on: "2024-04-01", campaign_id: "9", channel: "Web" },
  ]);
});

test("Zuora: versions are rows, revenue that of charges not past", async () => {
  const charge = { RatePlanId: "r", MRR: "10.50", IsLastSegment: true };
  const model = await readCommonModel(
    {
      salesforce: reader({}),
      zuora: reader({
        Account: [{ Id: "z", CrmId: "A", CreatedDate: created, Deleted: true }],
        Subscription: [
          { Id: "s2", AccountId: "z", Name: "S", Version: 2, Status: "Active", Deleted: false },
          { Id: "s1", AccountId: "z", Name: "S", Version: 1, Deleted: true },
        ],
        RatePlan: [{ Id: "r", SubscriptionId: "s2" }],
        RatePlanCharge: [
          charge,
          { ...charge, IsLastSegment: null, MRR: "1" },
          { ...charge, IsLastSegment: false },
          { ...charge, Deleted: true },
          { ...charge, MRR: null },
        ],
      }),
    },
    "UTC",
  );
  expect(model.cdm_account).toMatchObject([{ crm_account_id: "A", is_deleted: true }]);
  const found = model.cdm_subscription.map((row) => [
    row.subscription_id,
    row.version,
    `${row.mrr}`,
  ]);
  expect(found).toEqual([["s2", 2, "11.5"]]);
});

test("rows compare whatever the order of rows and columns and the spelling of numbers and instants", () => {
  const ours = [
    { id: "b", n: 2, touched_at: at("2024-01-01T00:00Z") },
    { id: "a", n: 0.1, touched_at: null },
  ];
  const theirs = parseJsonVerbatim(
    `[{"n":0.10000000000049,"id":"a","touched_at":null},
      {"n":2.000,"id":"b","touched_at":"2024-01-01T01:00:00+01:00"}]`,
  ) as object as readonly object[];
  expect(comparableRows(theirs)).toEqual(comparableRows(ours));
  expect(comparableRows(theirs.slice(1))).not.toEqual(comparableRows(ours));
});
