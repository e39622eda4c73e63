import fc from "fast-check";
import { dayOf, startOf } from "./calendar.ts";
import type { Opportunity } from "./common-model.ts";
import { comparableRows } from "./comparable-rows.ts";
import { Decimal, one, sum } from "./decimal.ts";
import { groupRows } from "./group-rows.ts";
import { resolveIdentity } from "./identity.ts";
import { sampleWorlds, type World, worlds } from "./random-common-model.ts";
import { recomputeReports } from "./recompute-reports.ts";
import type { Reports } from "./reports.ts";

/** Holds for every world. */
function always(check: (reports: Reports, world: World) => void): void {
  fc.assert(
    fc.property(worlds, (world) => check(recomputeReports(world.model, world.settings), world)),
    { numRuns: 60 },
  );
}

function keyed(reports: Reports): { readonly [report: string]: readonly string[] } {
  const keys: { readonly [report in keyof Reports]: readonly string[] } = {
    fct_sao: ["opportunity_id"],
    fct_attribution: ["opportunity_id", "model", "measure", "touch_id"],
    rpt_sao_by_source: ["period", "period_start", "source_bucket"],
    rpt_sao_by_campaign: ["period", "period_start", "model", "campaign_id"],
    rpt_acquisition_cost: ["month", "campaign_id", "channel"],
    rpt_conversion: ["touch_month", "campaign_id"],
    rpt_channel_economics: ["channel", "period_start"],
    rpt_collateral_usage: ["asset"],
  };
  return Object.fromEntries(
    Object.entries(keys).map(([report, columns]) => [
      report,
      reports[report as keyof Reports].map((row) =>
        JSON.stringify(
          columns.map((column) => Object.entries(row).find(([c]) => c === column)![1]),
        ),
      ),
    ]),
  );
}

function comparable(reports: Reports): object {
  return Object.fromEntries(
    Object.entries(reports).map(([name, rows]) => [name, comparableRows(rows)]),
  );
}

/** Won opportunities by the raw rows, read once more here. */
function wonOf({ model }: World): Opportunity[] {
  return model.cdm_opportunity.filter(
    (row) => row.is_won && !row.is_deleted && !/^\s*(9-)?duplicate\s*$/i.test(row.stage ?? ""),
  );
}

/** Equal but for what divisions cut off. */
function expectClose(found: Decimal, expected: Decimal): void {
  expect(found.minus(expected).abs().lt("1e-30")).toBe(true);
}

test("every report has each key once", () => {
  always((reports) => {
    for (const [report, keys] of Object.entries(keyed(reports))) {
      expect({ report, rows: new Set(keys).size }).toEqual({ report, rows: keys.length });
    }
  });
});

test("the weights of an opportunity, measure and model sum to exactly 1 and none is negative", () => {
  always(({ fct_attribution }) => {
    for (const rows of groupRows(fct_attribution, (r) => [r.opportunity_id, r.measure, r.model])) {
      expect(sum(rows.map((row) => row.weight)).eq(one)).toBe(true);
      expect(rows.every((row) => row.weight.gte(0))).toBe(true);
      if (rows.some((row) => row.touch_id === null)) expect(rows).toHaveLength(1);
    }
  });
});

test("all models credit touches of one set; none is after the day of acceptance or of the close", () => {
  always(({ fct_attribution }, { model, settings }) => {
    const opportunities = new Map(model.cdm_opportunity.map((row) => [row.opportunity_id, row]));
    const inSets = new Set(
      fct_attribution.flatMap((row) =>
        row.model === "linear" ? `${row.opportunity_id} ${row.measure} ${row.touch_id}` : [],
      ),
    );
    for (const { opportunity_id, measure, touch_id, touched_at } of fct_attribution) {
      expect(inSets).toContain(`${opportunity_id} ${measure} ${touch_id}`);
      if (touched_at === null) continue;
      const { sales_accepted_at, close_date } = opportunities.get(opportunity_id)!;
      const last = measure === "sao" ? sales_accepted_at! : close_date;
      expect(dayOf(touched_at, settings.warehouse_timezone) <= last).toBe(true);
    }
  });
});

test("SAOs over sources and over campaigns are the rows of fct_sao", () => {
  always(({ fct_sao, rpt_sao_by_source, rpt_sao_by_campaign }) => {
    const saos = String(fct_sao.length);
    const totals = [
      ...groupRows(rpt_sao_by_source, (row) => row.period),
      ...groupRows(rpt_sao_by_campaign, (row) => [row.period, row.model]),
    ].map((rows) => sum(rows.map((row) => new Decimal(row.saos))).toString());
    expect(totals).toEqual(Array(fct_sao.length === 0 ? 0 : 16).fill(saos));
  });
});

test("weighted IACV is won IACV, and what cohorts realised is what campaigns were credited", () => {
  always(({ fct_attribution, rpt_conversion }, world) => {
    const iacv = new Map(
      wonOf(world).map(({ opportunity_id, iacv, currency }) => [
        opportunity_id,
        (iacv ?? new Decimal(0)).times(currency === "EUR" ? "1.0937" : 1),
      ]),
    );
    const won = fct_attribution.filter((row) => row.measure === "iacv");
    const weighted = (rows: typeof won) =>
      sum(rows.map((row) => row.weight.times(iacv.get(row.opportunity_id)!)));
    for (const rows of groupRows(won, (row) => row.model)) {
      expect(weighted(rows)).toEqual(sum(iacv.values()));
    }
    const { default_attribution_model } = world.settings;
    const credited = won.filter(
      (row) => row.model === default_attribution_model && row.touch_id !== null,
    );
    expectClose(sum(rpt_conversion.map((row) => row.realised_iacv)), weighted(credited));
  });
});

test("new customers over channels are the accounts with a win; CAC is cost per lead x leads per customer", () => {
  always(({ rpt_channel_economics: rows }, world) => {
    const { accountId } = resolveIdentity(world.model);
    const accounts = new Set(wonOf(world).flatMap((row) => accountId(row.account_id) ?? []));
    expect(sum(rows.map((row) => row.new_customers)).eq(accounts.size)).toBe(true);
    for (const { spend, leads, new_customers, cac } of rows) {
      if (leads === 0 || cac === null) continue;
      expectClose(cac, spend.div(leads).times(new Decimal(leads).div(new_customers)));
    }
  });
});

test("all spend and all leads are in both reports, for every channel and month", () => {
  always(({ rpt_acquisition_cost, rpt_channel_economics }, { model }) => {
    for (const { channel, period_start, spend, leads } of rpt_channel_economics) {
      const same = rpt_acquisition_cost.filter(
        (row) => row.channel === channel && row.month === period_start,
      );
      expect(sum(same.map((row) => row.spend))).toEqual(spend);
      expect(same.reduce((count, row) => count + row.leads, 0)).toBe(leads);
    }
    const spent = sum(model.cdm_spend.map((row) => row.amount));
    expect(sum(rpt_channel_economics.map((row) => row.spend))).toEqual(spent);
    expect(sum(rpt_acquisition_cost.map((row) => row.spend))).toEqual(spent);
  });
});

test("as_of filters no facts: it only decides zero rows, maturity and retention", () => {
  always((reports, { model, settings }) => {
    const later = recomputeReports(model, { ...settings, as_of: "2030-12-31" });
    const [now, then] = [keyed(reports), keyed(later)];
    for (const [report, keys] of Object.entries(now)) {
      expect(then[report]).toEqual(expect.arrayContaining([...keys]));
    }
    for (const report of ["fct_sao", "fct_attribution", "rpt_collateral_usage"] as const) {
      expect(comparableRows(reports[report])).toEqual(comparableRows(later[report]));
    }
    const zeroRows = later.rpt_sao_by_source.filter((row) => row.saos === 0);
    const kept = zeroRows.filter((row) => row.period_start <= startOf(row.period, settings.as_of));
    expect(reports.rpt_sao_by_source.filter((row) => row.saos === 0)).toHaveLength(kept.length);
  });
});

test("the order of rows changes nothing", () => {
  always((reports, { model, settings }) => {
    const turned = Object.fromEntries(
      Object.entries(model).map(([table, rows]) => [table, [...rows].reverse()]),
    ) as unknown as World["model"];
    expect(comparable(recomputeReports(turned, settings))).toEqual(comparable(reports));
  });
});

test("touches of nobody change nothing", () => {
  always((reports, { model, settings }) => {
    const { person } = resolveIdentity(model);
    const cdm_touch = model.cdm_touch.filter(
      ({ person_id }) => person_id !== null && person(person_id)?.is_deleted === false,
    );
    const without = recomputeReports({ ...model, cdm_touch }, settings);
    expect(comparable(without)).toEqual(comparable(reports));
  });
});

test("the worlds hold what is awkward, and the same seed gives the same worlds", () => {
  const sampled = sampleWorlds(7, 200);
  const reports = sampled.map(({ model, settings }) => recomputeReports(model, settings));
  const count = (check: (reports: Reports, world: World) => boolean) =>
    reports.filter((one, index) => check(one, sampled[index]!)).length;
  const seen = {
    longTouchSets: count(({ fct_attribution }) =>
      groupRows(
        fct_attribution.filter((row) => row.model === "linear"),
        (row) => [row.opportunity_id, row.measure],
      ).some((rows) => rows.length >= 4),
    ),
    unattributed: count((r) => r.fct_attribution.some((row) => row.touch_id === null)),
    ownMedians: count((r) => r.rpt_conversion.some((row) => row.median_conversion_days !== null)),
    mature: count((r) => r.rpt_conversion.some((row) => row.iacv_at_median?.gt(0))),
    immature: count((r) => r.rpt_conversion.some((row) => row.iacv_at_median === null)),
    zeroRows: count((r) => r.rpt_conversion.some((row) => row.realised_iacv.isZero())),
    lifetimeValues: count((r) => r.rpt_channel_economics.some((row) => row.ltv?.gt(0))),
    returns: count((r) => r.rpt_channel_economics.some((row) => row.roi_12m?.gt(0))),
    costs: count((r) => r.rpt_acquisition_cost.some((row) => row.cost_per_sao?.gt(0))),
    influence: count((r) => r.rpt_collateral_usage.some((row) => row.saos_influenced > 0)),
    joined: count(
      (_, { model }) => resolveIdentity(model).people.length < model.cdm_person.length - 2,
    ),
  };
  for (const [what, worlds] of Object.entries(seen)) {
    expect({ what, often: worlds >= 10 ? "often" : worlds }).toEqual({ what, often: "often" });
  }
  const again = sampleWorlds(7, 1)[0]!;
  expect(comparable(recomputeReports(again.model, again.settings))).toEqual(
    comparable(reports[0]!),
  );
});
