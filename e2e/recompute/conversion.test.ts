import type { Touch } from "./common-model.ts";
import { comparableRows } from "./comparable-rows.ts";
import { makeModel, makeOpportunity, makePerson, makeTouch } from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { type Settings, shippedSettings } from "./settings.ts";

/** A won opportunity of one person, who touched one campaign on some days. */
type Win = readonly [id: string, touched: readonly string[], closed: string, iacv: string | null];

const wins: readonly Win[] = [
  ["o1", ["2024-01-01"], "2024-01-11", "100"],
  ["o2", ["2024-01-01"], "2024-01-31", "50"],
  ["o3", ["2024-01-01"], "2024-01-06", "-20"],
  ["o4", ["2024-01-01"], "2024-01-02", null],
  ["o5", ["2024-03-01"], "2024-03-02", "10"],
  ["o6", [], "2024-03-02", "10"],
];

function report(won: readonly Win[], settings: Partial<Settings>) {
  const cdm_touch: Touch[] = won.flatMap(([id, touched]) =>
    touched.map((day) => makeTouch(`${id} ${day}`, id, "c", day)),
  );
  const model = makeModel({
    cdm_person: won.map(([id]) => makePerson(id)),
    cdm_touch,
    cdm_opportunity: won.map(([id, , close_date, iacv]) =>
      makeOpportunity(id, { is_won: true, close_date, iacv }),
    ),
    cdm_opportunity_person: won.map(([id]) => ({
      opportunity_id: id,
      person_id: id,
      is_primary: true,
    })),
  });
  const { rpt_conversion } = recomputeReports(model, {
    ...shippedSettings("2024-12-31"),
    ...settings,
  });
  return rpt_conversion.map(({ estimated_iacv, campaign_id, ...row }) => {
    expect(campaign_id).toBe("c");
    expect(estimated_iacv).toEqual(row.iacv_at_median?.times(2) ?? null);
    return row;
  });
}

const row = (
  touch_month: string,
  wins: number,
  median_conversion_days: number | null,
  iacv_at_median: number | null,
  realised_iacv: number,
) => ({ touch_month, wins, median_conversion_days, iacv_at_median, realised_iacv });

test.each([
  // January's own median is 20 days; February and March take all pairs' (1, 10, 30): 10
  [
    "own wins, else all wins",
    { min_wins: 2, as_of: "2024-04-10" },
    [
      row("2024-01-01", 2, 20, 80, 130),
      row("2024-02-01", 0, null, 0, 0),
      row("2024-03-01", 1, null, 10, 10),
    ],
  ],
  [
    "one day before March is mature",
    { min_wins: 2, as_of: "2024-04-09" },
    [
      row("2024-01-01", 2, 20, 80, 130),
      row("2024-02-01", 0, null, 0, 0),
      row("2024-03-01", 1, null, null, 10),
    ],
  ],
  [
    "all wins are enough where no cohort's are",
    { min_wins: 3, as_of: "2024-12-31" },
    [
      row("2024-01-01", 2, null, 80, 130),
      row("2024-02-01", 0, null, 0, 0),
      row("2024-03-01", 1, null, 10, 10),
    ],
  ],
  [
    "90 days where all wins are too few",
    { min_wins: 4, as_of: "2024-04-30" },
    [
      row("2024-01-01", 2, null, 130, 130),
      row("2024-02-01", 0, null, null, 0),
      row("2024-03-01", 1, null, null, 10),
    ],
  ],
  [
    "no zero row after as_of's month, wins stay",
    { min_wins: 4, as_of: "2024-01-31" },
    [row("2024-01-01", 2, null, null, 130), row("2024-03-01", 1, null, null, 10)],
  ],
])("%s", (_, settings, expected) => {
  expect(comparableRows(report(wins, settings))).toEqual(comparableRows(expected));
});

test("a win credited to several touches is several pairs but one win", () => {
  const found = report([["o", ["2024-01-01", "2024-01-07"], "2024-01-11", "100"]], {
    min_wins: 1,
    default_attribution_model: "linear",
  });
  expect(comparableRows(found)).toEqual(comparableRows([row("2024-01-01", 1, 7, 50, 100)]));
});
