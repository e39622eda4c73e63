import { comparableRows } from "./comparable-rows.ts";
import { Decimal } from "./decimal.ts";
import { makeModel, makeOpportunity, makePerson, makeTouch } from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { shippedSettings } from "./settings.ts";

const asset = (name: string) => ({ asset: name });
const role = (opportunity_id: string, person_id: string) => ({
  opportunity_id,
  person_id,
  is_primary: null,
});
const model = makeModel({
  cdm_person: [
    makePerson("p", { account_id: "X" }),
    makePerson("q"),
    makePerson("gone", { is_deleted: true }),
  ],
  cdm_touch: [
    makeTouch("t0", "p", "c", "2023-12-01", asset(" ")),
    makeTouch("t1", "p", "c", "2024-01-01", asset("A")),
    makeTouch("t2", "p", null, "2024-01-02", asset("A")),
    makeTouch("t3", "q", "c", "2024-01-03", asset("B")),
    makeTouch("t4", "gone", "c", "2024-01-01", asset("A")),
    makeTouch("t5", "q", "c", "2024-02-01", asset("A")),
    makeTouch("t6", "q", "c", "2024-02-02"),
    makeTouch("t7", "q", null, "2024-01-01", asset("C")),
  ],
  cdm_opportunity: [
    makeOpportunity("o1", {
      sales_accepted_at: "2024-01-02",
      close_date: "2024-01-31",
      is_won: true,
      iacv: "100",
    }),
    makeOpportunity("o2", { close_date: "2024-02-01", is_won: true, iacv: "-10" }),
  ],
  cdm_opportunity_person: [role("o1", "p"), role("o1", "q"), role("o2", "q")],
});
const unused = {
  accounts: 0,
  saos_influenced: 0,
  saos_attributed: 0,
  iacv_influenced: 0,
  iacv_attributed: 0,
};
const c = { ...unused, asset: "C", touches: 1, people: 1 };

test("assets: all their touches are counted, those in touch sets influence, credited ones attribute", () => {
  const { rpt_collateral_usage } = recomputeReports(model, shippedSettings("2024-12-31"));
  expect(comparableRows(rpt_collateral_usage)).toEqual(
    comparableRows([
      {
        asset: "A",
        touches: 3,
        people: 2,
        accounts: 1,
        saos_influenced: 1,
        saos_attributed: 1,
        iacv_influenced: 90,
        iacv_attributed: -10,
      },
      {
        ...unused,
        asset: "B",
        touches: 1,
        people: 1,
        iacv_influenced: 90,
        iacv_attributed: 100,
      },
      c,
    ]),
  );
});

test("the default model decides what is attributed, not what is influenced", () => {
  const { rpt_collateral_usage } = recomputeReports(model, {
    ...shippedSettings("2024-12-31"),
    default_attribution_model: "linear",
  });
  const parts = new Decimal(100).div(3);
  expect(comparableRows(rpt_collateral_usage)).toEqual(
    comparableRows([
      {
        asset: "A",
        touches: 3,
        people: 2,
        accounts: 1,
        saos_influenced: 1,
        saos_attributed: 0.5,
        iacv_influenced: 90,
        iacv_attributed: parts.minus(5),
      },
      {
        ...unused,
        asset: "B",
        touches: 1,
        people: 1,
        iacv_influenced: 90,
        iacv_attributed: parts.minus(5),
      },
      c,
    ]),
  );
});
