import { comparableRows } from "./comparable-rows.ts";
import { Decimal } from "./decimal.ts";
import {
  makeAccount,
  makeCampaign,
  makeModel,
  makeOpportunity,
  makePerson,
  makeTouch,
} from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { shippedSettings } from "./settings.ts";

const settings = shippedSettings("2024-12-31");
const accepted = (id: string, sales_accepted_at: string, fields = {}) =>
  makeOpportunity(id, { sales_accepted_at, ...fields });

test("accepted, not deleted and no duplicate are sales accepted; sources fall into buckets", () => {
  const { fct_sao } = recomputeReports(
    makeModel({
      cdm_account: [makeAccount("A"), makeAccount("Z", { source: "zuora", crm_account_id: "A" })],
      cdm_opportunity: [
        accepted("o1", "2024-01-31", { opportunity_source: " sdr GENERATED ", account_id: "Z" }),
        accepted("o2", "2024-02-01", { opportunity_source: "Magic", iacv: "10", currency: "EUR" }),
        accepted("o3", "2024-02-01", { is_won: true, iacv: "-5", currency: "XXX", stage: null }),
        accepted("o4", "2024-02-01", { stage: " 9-DUPLICATE " }),
        accepted("o5", "2024-02-01", { is_deleted: true }),
        makeOpportunity("o6"),
      ],
    }),
    { ...settings, currency_rates: [{ currency: "EUR", rate: new Decimal("1.1") }] },
  );
  const row = { account_id: null, iacv: null, is_won: false, source_bucket: "Other" };
  expect(comparableRows(fct_sao)).toEqual(
    comparableRows([
      {
        ...row,
        opportunity_id: "o1",
        account_id: "A",
        sales_accepted_at: "2024-01-31",
        source_bucket: "SDR generated",
      },
      { ...row, opportunity_id: "o2", sales_accepted_at: "2024-02-01", iacv: 11 },
      { ...row, opportunity_id: "o3", sales_accepted_at: "2024-02-01", iacv: -5, is_won: true },
    ]),
  );
});

test("by source: weeks and months apart, zero rows between", () => {
  const cdm_opportunity = [
    accepted("o1", "2024-12-31"),
    accepted("o2", "2025-01-01"),
    accepted("o3", "2025-03-05"),
  ];
  const { rpt_sao_by_source } = recomputeReports(makeModel({ cdm_opportunity }), {
    ...settings,
    as_of: "2025-01-13",
  });
  const row = (period: string, period_start: string, saos: number) => ({
    period,
    period_start,
    source_bucket: "Other",
    saos,
  });
  expect(comparableRows(rpt_sao_by_source)).toEqual(
    comparableRows([
      row("week", "2024-12-30", 2),
      row("week", "2025-01-06", 0),
      row("week", "2025-01-13", 0),
      row("week", "2025-03-03", 1),
      row("month", "2024-12-01", 1),
      row("month", "2025-01-01", 1),
      row("month", "2025-03-01", 1),
    ]),
  );
});

test("by campaign: the weights of each model, unattributed where there was no touch", () => {
  const { rpt_sao_by_campaign } = recomputeReports(
    makeModel({
      cdm_person: [makePerson("p")],
      cdm_campaign: [makeCampaign("c")],
      cdm_touch: [
        makeTouch("t1", "p", "c", "2024-01-01"),
        makeTouch("t2", "p", "gone", "2024-01-02"),
        makeTouch("t3", "p", "c", "2024-01-03T23:00Z"),
        makeTouch("t4", "p", null, "2024-01-03"),
        makeTouch("t5", "p", "c", "2024-01-04"),
      ],
      cdm_opportunity: [accepted("o1", "2024-01-03"), accepted("o2", "2024-01-05")],
      cdm_opportunity_person: [{ opportunity_id: "o1", person_id: "p", is_primary: true }],
    }),
    settings,
  );
  const months = rpt_sao_by_campaign.filter(
    ({ period, model }) => period === "month" && ["last_touch", "linear"].includes(model),
  );
  const month = { period: "month", period_start: "2024-01-01" };
  const unattributed = {
    ...month,
    campaign_id: null,
    campaign_name: null,
    channel: "unattributed",
  };
  const known = { ...month, campaign_id: "c", campaign_name: "Campaign c", channel: "Email" };
  const third = new Decimal(1).div(3);
  expect(comparableRows(months)).toEqual(
    comparableRows([
      { ...known, model: "last_touch", saos: 1 },
      { ...unattributed, model: "last_touch", saos: 1 },
      { ...known, model: "linear", saos: third.times(2) },
      { ...unattributed, model: "linear", campaign_id: "gone", saos: third },
      { ...unattributed, model: "linear", saos: 1 },
    ]),
  );
});
