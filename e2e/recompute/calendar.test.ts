import {
  addPeriods,
  dayOf,
  daysBetween,
  endOfMonth,
  startOf,
  startOfDay,
  yearBefore,
} from "./calendar.ts";
import { at } from "./make-rows.ts";
import { fillPeriods } from "./zero-rows.ts";

test.each([
  ["2024-01-01T04:59:59Z", "America/New_York", "2023-12-31"],
  ["2024-01-01T05:00:00Z", "America/New_York", "2024-01-01"],
  ["2024-02-28T11:00:00Z", "Pacific/Auckland", "2024-02-29"],
  ["2024-03-31T22:30:00Z", "Europe/Berlin", "2024-04-01"],
  ["2024-03-31T22:30:00Z", "UTC", "2024-03-31"],
])("%s is in %s on %s", (instant, zone, day) => {
  expect(dayOf(at(instant), zone)).toBe(day);
});

test("a day used as a timestamp is its midnight in the zone, summer time included", () => {
  expect(startOfDay("2024-07-01", "America/New_York")).toBe(at("2024-07-01T04:00:00Z"));
  expect(startOfDay("2024-12-01", "Pacific/Auckland")).toBe(at("2024-11-30T11:00:00Z"));
});

test.each([
  ["2021-01-03", "2020-12-28"],
  ["2020-12-28", "2020-12-28"],
  ["2024-03-01", "2024-02-26"],
])("the ISO week of %s starts on %s", (day, monday) => {
  expect(startOf("week", day)).toBe(monday);
});

test("periods follow one another over leap days and years", () => {
  expect(addPeriods("week", "2020-12-28", 1)).toBe("2021-01-04");
  expect(addPeriods("month", "2023-12-01", 2)).toBe("2024-02-01");
  expect(addPeriods("month", "2024-10-01", -11)).toBe("2023-11-01");
  expect(endOfMonth("2024-02-03")).toBe("2024-02-29");
  expect(yearBefore("2024-02-29")).toBe("2023-02-28");
  expect(yearBefore("2025-02-28")).toBe("2024-02-28");
  expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
  expect(daysBetween("2024-03-01", "2024-02-28")).toBe(-2);
});

describe("zero rows", () => {
  const facts = ["2024-05-01", "2024-02-01", "2024-05-01"];

  test("fill every period from the first fact to the last", () => {
    expect(fillPeriods("month", facts, "2025-01-01")).toEqual([
      "2024-02-01",
      "2024-03-01",
      "2024-04-01",
      "2024-05-01",
    ]);
    expect(fillPeriods("week", ["2021-01-04", "2020-12-21"], "2025-01-01")).toEqual([
      "2020-12-21",
      "2020-12-28",
      "2021-01-04",
    ]);
  });

  test("end with the period of as_of, facts after it stay", () => {
    expect(fillPeriods("month", facts, "2024-03-01")).toEqual([
      "2024-02-01",
      "2024-03-01",
      "2024-05-01",
    ]);
    expect(fillPeriods("month", facts, "2023-12-31")).toEqual(["2024-02-01", "2024-05-01"]);
    expect(fillPeriods("month", [], "2024-03-01")).toEqual([]);
  });
});
