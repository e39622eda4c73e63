import {
  type AttributionModel,
  attributionModels,
  type Creation,
  weigh,
} from "./attribution-weights.ts";
import { Decimal, sum } from "./decimal.ts";
import { at } from "./make-rows.ts";

const days = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"];
const creations: { readonly [name: string]: Creation } = {
  middle: { lead: at("2024-01-08T12:00Z"), opportunity: at("2024-01-22T12:00Z") },
  before: { lead: at("2023-12-01"), opportunity: at("2023-12-01") },
  after: { lead: at("2024-12-01"), opportunity: at("2024-12-01") },
  atTouches: { lead: at("2024-01-08"), opportunity: at("2024-01-22") },
};

/** The weights of the first `count` touches, in their order; 0 where a model has no row. */
function weights(model: AttributionModel, count: number, creation = "middle"): string[] {
  const touches = days.slice(0, count).map((day) => ({ day, touched_at: at(day) }));
  const rows = weigh(model, touches, creations[creation]!);
  expect(sum(rows.map((row) => row.weight))).toEqual(new Decimal(1));
  return touches.map((touch) => {
    const row = rows.find((found) => found.touch === touch);
    return (row?.weight ?? new Decimal(0)).toDecimalPlaces(9).toString();
  });
}

test.each<[AttributionModel, number, string, string[]]>([
  ["first_touch", 3, "middle", ["1", "0", "0"]],
  ["first_touch", 1, "middle", ["1"]],
  ["last_touch", 3, "middle", ["0", "0", "1"]],
  ["last_touch", 2, "middle", ["0", "1"]],
  ["lead_creation", 5, "middle", ["0", "1", "0", "0", "0"]],
  ["lead_creation", 5, "atTouches", ["0", "1", "0", "0", "0"]],
  ["lead_creation", 3, "before", ["1", "0", "0"]],
  ["lead_creation", 3, "after", ["0", "0", "1"]],
  ["linear", 2, "middle", ["0.5", "0.5"]],
  ["linear", 3, "middle", ["0.333333333", "0.333333333", "0.333333333"]],
  ["u_shaped", 1, "middle", ["1"]],
  ["u_shaped", 2, "middle", ["0.5", "0.5"]],
  ["u_shaped", 3, "middle", ["0.4", "0.2", "0.4"]],
  ["u_shaped", 5, "middle", ["0.4", "0.066666667", "0.066666667", "0.066666667", "0.4"]],
  // 0.3 first, 0.3 lead, 0.05, 0.3 opportunity, 0.05
  ["w_shaped", 5, "middle", ["0.3", "0.3", "0.05", "0.3", "0.05"]],
  // a touch at the very instant: lead creation holds it, the opportunity's creation does not
  ["w_shaped", 5, "atTouches", ["0.3", "0.3", "0.3", "0.05", "0.05"]],
  // first and lead creation coincide, nothing before the opportunity: 0.6 and 0.1, of 0.7
  ["w_shaped", 3, "before", ["0.857142857", "0.071428571", "0.071428571"]],
  // no touch without a position: 0.3 and 0.6, of 0.9
  ["w_shaped", 2, "after", ["0.333333333", "0.666666667"]],
  ["w_shaped", 1, "after", ["1"]],
  // factors 1/2, 1
  ["time_decay", 2, "middle", ["0.333333333", "0.666666667"]],
  // factors 1/4, 1/2, 1
  ["time_decay", 3, "middle", ["0.142857143", "0.285714286", "0.571428571"]],
  ["time_decay", 1, "middle", ["1"]],
])("%s of %i touches, created %s them: %j", (model, count, creation, expected) => {
  expect(weights(model, count, creation)).toEqual(expected);
});

test("days, not hours, decay", () => {
  const touches = [
    { day: "2024-01-01", touched_at: at("2024-01-01T23:59Z") },
    { day: "2024-01-01", touched_at: at("2024-01-01T00:01Z") },
  ];
  const rows = weigh("time_decay", touches, creations.middle!);
  expect(rows.map((row) => row.weight.toString())).toEqual(["0.5", "0.5"]);
});

test("the single-touch models have one row, the others one for each touch", () => {
  const touches = days.map((day) => ({ day, touched_at: at(day) }));
  const rows = attributionModels.map((model) => weigh(model, touches, creations.middle!).length);
  expect(rows).toEqual([1, 1, 1, 5, 5, 5, 5]);
});
