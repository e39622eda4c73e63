import { comparableRows } from "./comparable-rows.ts";
import {
  makeCampaign,
  makeModel,
  makeOpportunity,
  makePerson,
  makeSpend,
  makeTouch,
} from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { shippedSettings } from "./settings.ts";

const [january, february, march] = ["2024-01-01", "2024-02-01", "2024-03-01"];
const model = makeModel({
  cdm_campaign: [
    makeCampaign("c"),
    makeCampaign("m", { source: "marketo", crm_campaign_id: "c", channel: "Web" }),
    makeCampaign("n", { channel: null }),
  ],
  cdm_person: [makePerson("p"), makePerson("q"), makePerson("gone", { is_deleted: true })],
  cdm_touch: [
    makeTouch("t1", "p", "m", "2024-01-10"),
    makeTouch("t2", "p", "n", "2024-01-20"),
    makeTouch("t3", "q", null, "2024-01-01"),
    makeTouch("t4", "q", "n", "2024-03-02"),
    makeTouch("t5", "gone", "c", "2024-01-01"),
  ],
  cdm_opportunity: [
    makeOpportunity("o1", { sales_accepted_at: "2024-01-15" }),
    makeOpportunity("o2", { sales_accepted_at: "2024-01-20" }),
  ],
  cdm_opportunity_person: [{ opportunity_id: "o1", person_id: "p", is_primary: null }],
  cdm_spend: [
    makeSpend("s1", "2024-01-31", "100", "m"),
    makeSpend("s2", "2024-03-01", "100", "c"),
    makeSpend("s3", "2024-03-31", "-100", "c"),
    makeSpend("s4", "2024-01-05", "50", "n", "Ads"),
    makeSpend("s5", "2024-01-05", "7.5", null),
    makeSpend("s6", "2024-01-05", "9", null, "Events"),
    makeSpend("s7", "2024-01-05", "5", "x", "Ads"),
  ],
});

test("spend, leads and SAOs meet by month, campaign and channel", () => {
  const { rpt_acquisition_cost } = recomputeReports(model, shippedSettings("2024-12-31"));
  const zeroes = { spend: 0, leads: 0, cost_per_lead: null, saos: 0, cost_per_sao: null };
  const email = { ...zeroes, campaign_id: "c", campaign_name: "Campaign c", channel: "Email" };
  const n = { ...zeroes, campaign_id: "n", campaign_name: "Campaign n" };
  const nameless = { ...zeroes, campaign_id: null, campaign_name: null, month: january };
  expect(comparableRows(rpt_acquisition_cost)).toEqual(
    comparableRows([
      {
        ...email,
        month: january,
        spend: 100,
        leads: 1,
        cost_per_lead: 100,
        saos: 1,
        cost_per_sao: 100,
      },
      { ...email, month: february },
      { ...email, month: march },
      { ...n, month: january, channel: "Ads", spend: 50 },
      { ...n, month: march, channel: "unattributed", leads: 1, cost_per_lead: 0 },
      { ...nameless, channel: "unattributed", spend: 7.5, saos: 1, cost_per_sao: 7.5 },
      { ...nameless, channel: "Events", spend: 9 },
      { ...nameless, campaign_id: "x", channel: "Ads", spend: 5 },
    ]),
  );
});

test("the month of a lead is that of its first touch's day in the warehouse zone; the model decides SAOs", () => {
  const { rpt_acquisition_cost } = recomputeReports(
    makeModel({
      cdm_campaign: [makeCampaign("a"), makeCampaign("b")],
      cdm_person: [makePerson("p")],
      cdm_touch: [
        makeTouch("t2", "p", "b", "2024-02-01T03:00Z"),
        makeTouch("t1", "p", "a", "2024-02-01T03:00Z"),
      ],
      cdm_opportunity: [makeOpportunity("o", { sales_accepted_at: "2024-02-03" })],
      cdm_opportunity_person: [{ opportunity_id: "o", person_id: "p", is_primary: null }],
    }),
    {
      ...shippedSettings("2024-12-31"),
      warehouse_timezone: "America/New_York",
      default_attribution_model: "linear",
    },
  );
  const found = rpt_acquisition_cost.map((row) => [
    row.month,
    row.campaign_id,
    row.leads,
    row.saos.toNumber(),
  ]);
  expect(found).toEqual([
    [january, "a", 1, 0],
    [february, "a", 0, 0.5],
    [february, "b", 0, 0.5],
  ]);
});
