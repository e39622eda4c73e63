import { comparableRows } from "./comparable-rows.ts";
import { Decimal } from "./decimal.ts";
import {
  makeCampaign,
  makeModel,
  makeOpportunity,
  makePerson,
  makeSpend,
  makeSubscription,
  makeTouch,
} from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { type Settings, shippedSettings } from "./settings.ts";

const won = (id: string, account_id: string | null, close_date: string, iacv: string | null) =>
  makeOpportunity(id, { is_won: true, account_id, close_date, iacv });
const settings: Settings = {
  ...shippedSettings("2025-12-31"),
  gross_margin: new Decimal("0.5"),
  default_attribution_model: "linear",
};
const model = makeModel({
  cdm_campaign: [makeCampaign("c"), makeCampaign("d", { channel: "Ads" })],
  cdm_person: [makePerson("p")],
  cdm_touch: [makeTouch("t1", "p", "c", "2024-01-01"), makeTouch("t2", "p", "d", "2024-02-01")],
  cdm_opportunity: [
    won("o2", "A", "2024-03-10", "1000"),
    won("o1", "A", "2024-03-10", "100"),
    won("o3", "B", "2024-04-01", null),
    won("o4", null, "2024-04-01", "5"),
  ],
  cdm_opportunity_person: [{ opportunity_id: "o1", person_id: "p", is_primary: null }],
  cdm_subscription: [makeSubscription("s", "A")],
  cdm_spend: [makeSpend("s1", "2024-01-15", "200", "c"), makeSpend("s2", "2024-03-01", "10", "d")],
});
const nothing = {
  spend: 0,
  leads: 0,
  new_customers: 0,
  cac: null,
  spend_12m: 0,
  new_customers_12m: 0,
  cac_12m: null,
  ltv: null,
  roi: null,
  roi_12m: null,
  estimated_iacv: null,
  iacv_to_marketing: null,
};

test("an account's first win is a customer, in parts of the channels that brought it", () => {
  const { rpt_channel_economics } = recomputeReports(model, settings);
  const email = { ...nothing, channel: "Email", spend_12m: 200 };
  const ads = { ...nothing, channel: "Ads" };
  expect(comparableRows(rpt_channel_economics)).toEqual(
    comparableRows([
      {
        ...email,
        period_start: "2024-01-01",
        spend: 200,
        leads: 1,
        estimated_iacv: 100,
        iacv_to_marketing: 0.5,
      },
      { ...email, period_start: "2024-02-01" },
      {
        ...email,
        period_start: "2024-03-01",
        new_customers: 0.5,
        cac: 0,
        new_customers_12m: 0.5,
        cac_12m: 400,
        ltv: 500,
        roi_12m: 1.25,
      },
      { ...ads, period_start: "2024-02-01", estimated_iacv: 100 },
      {
        ...ads,
        period_start: "2024-03-01",
        spend: 10,
        new_customers: 0.5,
        cac: 20,
        spend_12m: 10,
        new_customers_12m: 0.5,
        cac_12m: 20,
        ltv: 500,
        roi: 25,
        roi_12m: 25,
      },
      {
        ...nothing,
        channel: "unattributed",
        period_start: "2024-04-01",
        new_customers: 1,
        cac: 0,
        new_customers_12m: 1,
        cac_12m: 0,
        ltv: 0,
      },
    ]),
  );
});

test("twelve months end with the month itself, the thirteenth is out", () => {
  const spend = ["2023-01-31", "2023-02-01", "2024-01-15"].map((day) =>
    makeSpend(day, day, "10", null, "Ads"),
  );
  const { rpt_channel_economics } = recomputeReports(makeModel({ cdm_spend: spend }), settings);
  const sums = rpt_channel_economics.map((row) => [row.period_start, row.spend_12m.toNumber()]);
  expect(sums).toHaveLength(13);
  expect(sums[0]).toEqual(["2023-01-01", 10]);
  expect(sums[11]).toEqual(["2023-12-01", 20]);
  expect(sums[12]).toEqual(["2024-01-01", 20]);
});

test("without billing data nothing is known about lifetime value", () => {
  const { rpt_channel_economics } = recomputeReports({ ...model, cdm_subscription: [] }, settings);
  expect(rpt_channel_economics.map((row) => row.ltv)).toEqual(
    rpt_channel_economics.map(() => null),
  );
});

test("a channel's estimate is unknown while one of its campaigns' is", () => {
  const campaigns = { c: "2024-01-06", e: "2024-03-31" };
  const estimate = (as_of: string) => {
    const { rpt_channel_economics } = recomputeReports(
      makeModel({
        cdm_campaign: Object.keys(campaigns).map((id) => makeCampaign(id)),
        cdm_person: Object.keys(campaigns).map((id) => makePerson(id)),
        cdm_touch: Object.keys(campaigns).map((id) => makeTouch(id, id, id, "2024-01-01")),
        cdm_opportunity: Object.entries(campaigns).map(([id, close]) => won(id, id, close, "10")),
        cdm_opportunity_person: Object.keys(campaigns).map((id) => ({
          opportunity_id: id,
          person_id: id,
          is_primary: null,
        })),
      }),
      { ...settings, min_wins: 1, as_of },
    );
    const january = rpt_channel_economics.find((row) => row.period_start === "2024-01-01");
    return january?.estimated_iacv?.toNumber() ?? null;
  };
  expect(estimate("2024-04-29")).toBe(null);
  expect(estimate("2024-04-30")).toBe(40);
});
