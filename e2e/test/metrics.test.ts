/** The dbt models against the referee, on worlds as awkward as the definitions allow: every report, row by row. */
import { comparableRows } from "../recompute/comparable-rows.ts";
import { Decimal } from "../recompute/decimal.ts";
import { sampleWorlds, type World } from "../recompute/random-common-model.ts";
import { recomputeReports } from "../recompute/recompute-reports.ts";
import type { Reports } from "../recompute/reports.ts";
import { type BuildSettings, createGivenProject, type GivenProject } from "./given-project.ts";

/** The columns that are promises; models may have more. */
const columns: { readonly [report in keyof Reports]: readonly string[] } = {
  fct_sao: ["opportunity_id", "account_id", "sales_accepted_at", "source_bucket", "iacv", "is_won"],
  fct_attribution: [
    "opportunity_id",
    "model",
    "measure",
    "touch_id",
    "campaign_id",
    "touched_at",
    "weight",
  ],
  rpt_sao_by_source: ["period", "period_start", "source_bucket", "saos"],
  rpt_sao_by_campaign: [
    "period",
    "period_start",
    "model",
    "campaign_id",
    "campaign_name",
    "channel",
    "saos",
  ],
  rpt_acquisition_cost: [
    "month",
    "campaign_id",
    "campaign_name",
    "channel",
    "spend",
    "leads",
    "cost_per_lead",
    "saos",
    "cost_per_sao",
  ],
  rpt_conversion: [
    "touch_month",
    "campaign_id",
    "wins",
    "median_conversion_days",
    "iacv_at_median",
    "estimated_iacv",
    "realised_iacv",
  ],
  rpt_channel_economics: [
    "channel",
    "period_start",
    "spend",
    "leads",
    "new_customers",
    "cac",
    "spend_12m",
    "new_customers_12m",
    "cac_12m",
    "ltv",
    "roi",
    "roi_12m",
    "estimated_iacv",
    "iacv_to_marketing",
  ],
  rpt_collateral_usage: [
    "asset",
    "touches",
    "people",
    "accounts",
    "saos_influenced",
    "saos_attributed",
    "iacv_influenced",
    "iacv_attributed",
  ],
};

const builds: readonly BuildSettings[] = [
  {
    warehouse_timezone: "UTC",
    gross_margin: new Decimal("0.8"),
    default_attribution_model: "last_touch",
    min_wins: 2,
    max_retention_years: 10,
    as_of: "2021-06-30",
  },
  {
    warehouse_timezone: "America/Los_Angeles",
    gross_margin: new Decimal("0.333"),
    default_attribution_model: "w_shaped",
    min_wins: 1,
    max_retention_years: 3,
    as_of: "2021-02-28",
  },
  {
    warehouse_timezone: "Pacific/Auckland",
    gross_margin: new Decimal("1"),
    default_attribution_model: "lead_creation",
    min_wins: 3,
    max_retention_years: 10,
    as_of: "2024-02-29",
  },
];
/** Another seed by SEED, more worlds by WORLDS. */
const seed = Number(process.env.SEED ?? 1);
const count = Number(process.env.WORLDS ?? 25);

let project: GivenProject;
beforeAll(async () => {
  project = await createGivenProject(columns);
});
afterAll(() => project.close());

test.each(
  builds.map((build) => [build.default_attribution_model, build.warehouse_timezone, build]),
)("%s in %s: the same rows as plain loops make", async (_model, _zone, build) => {
  await project.build(build);
  for (const [index, world] of sampleWorlds(seed, count).entries()) {
    await expectTheSame({ ...world, settings: { ...world.settings, ...build } }, index);
  }
});

async function expectTheSame({ model, settings }: World, index: number): Promise<void> {
  const expected = recomputeReports(model, settings);
  const found = await project.read(model, settings);
  for (const report of Object.keys(columns) as (keyof Reports)[]) {
    expect({ seed, index, report, rows: comparableRows(found[report]) }).toEqual({
      seed,
      index,
      report,
      rows: comparableRows(expected[report]),
    });
  }
}
