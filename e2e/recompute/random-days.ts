/** Days and instants about which implementations are likely to disagree. */
import fc, { type Arbitrary } from "fast-check";
import type { Day, Instant } from "./common-model.ts";
import { at } from "./make-rows.ts";

/** Leap days, ISO weeks 53 and 1, ends of months and years, all within reach of one another. */
const awkwardDays: readonly Day[] = [
  "2020-02-29",
  "2020-12-27",
  "2020-12-28",
  "2020-12-31",
  "2021-01-01",
  "2021-01-03",
  "2021-01-04",
  "2021-01-31",
  "2021-02-28",
  "2021-03-01",
  "2021-03-14",
];
/** Around midnight in one of the zones below, or plainly in the middle of the day. */
const times = ["00:00", "04:59:59.999", "05:00", "10:59:59.999", "11:00", "18:30", "23:59:59.999"];

/** West and east of UTC, with and without summer time. */
export const zones = ["UTC", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"];

export const days: Arbitrary<Day> = fc.oneof(
  fc.constantFrom(...awkwardDays),
  fc
    .nat(420)
    .map((day) => new Date(at("2020-11-15") + day * 86_400_000).toISOString().slice(0, 10)),
);
export const instants: Arbitrary<Instant> = fc
  .tuple(days, fc.constantFrom(...times))
  .map(([day, time]) => at(`${day}T${time}Z`));
