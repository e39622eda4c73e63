import type { Subscription } from "./common-model.ts";
import { resolveIdentity } from "./identity.ts";
import { makeAccount, makeModel, makeSubscription as sub } from "./make-rows.ts";
import { prepareRetention } from "./retention.ts";
import { shippedSettings } from "./settings.ts";

const june = "2024-06-01";
const stays = sub("s", "A");
const leaves = (cancelled_at: string) => sub("l", "B", { cancelled_at });

test.each<[string, readonly Subscription[], string | null]>([
  ["half of the accounts leave: two years", [stays, leaves("2024-06-15")], "2"],
  ["cancelled on the last day is gone that day", [stays, leaves("2024-06-30")], "2"],
  ["cancelled a day later is active that day", [stays, leaves("2024-07-01")], "10"],
  ["everybody leaves", [leaves("2023-07-01")], "1"],
  ["gone before the first day counts for nothing", [stays, leaves("2023-06-30")], "10"],
  [
    "the earlier of the two ends counts",
    [stays, sub("e", "B", { end_date: "2024-01-01", cancelled_at: "2030-01-01" })],
    "2",
  ],
  [
    "started on the first day is active that day",
    [sub("n", "B", { start_date: "2023-06-30", end_date: "2024-01-01" })],
    "1",
  ],
  ["nobody was active", [sub("n", "A", { start_date: "2023-07-01" })], null],
  ["no billing data", [], null],
  [
    "without start or account nothing is active",
    [sub("n", "A", { start_date: null }), sub("m", null)],
    null,
  ],
  [
    "statuses before activation do not count, however spelt",
    [
      sub("a", "A", { status: "Draft" }),
      sub("b", "B", { status: "PendingActivation" }),
      sub("c", "C", { status: " pending  Acceptance" }),
    ],
    null,
  ],
  [
    "the latest of all versions decides, even on days of an older one",
    [
      stays,
      sub("v1", "B", { name: "v" }),
      sub("v2", "B", { name: "v", version: 2, cancelled_at: "2024-01-01" }),
    ],
    "2",
  ],
  [
    "version 10 is later than version 9; a draft that is the latest hides the rest",
    [
      stays,
      sub("v9", "B", { name: "v", version: 9, cancelled_at: "2024-01-01" }),
      sub("v10", "B", { name: "v", version: 10, status: "Draft" }),
    ],
    "10",
  ],
  [
    "names of two sources are two subscriptions",
    [
      sub("v1", "A", { name: "v" }),
      sub("v2", "B", { name: "v", version: 2, source: "other", cancelled_at: "2024-01-01" }),
    ],
    "2",
  ],
  [
    "an account with another active subscription stays",
    [leaves("2024-01-01"), sub("again", "B", { start_date: "2024-02-01" })],
    "10",
  ],
  [
    "eleven accounts of which one leaves: at most ten years",
    [..."ACDEFGHIJK"].map((id) => sub(id, id)).concat(leaves("2024-01-01")),
    "10",
  ],
  [
    "accounts are those of the CRM",
    [sub("z1", "Z1"), sub("z2", "Z2", { cancelled_at: "2024-01-01" }), leaves("2024-01-01")],
    "2",
  ],
])("%s", (_, subscriptions, years) => {
  const crm = { source: "zuora", crm_account_id: "A" };
  const identity = resolveIdentity(
    makeModel({ cdm_account: [makeAccount("A"), makeAccount("Z1", crm), makeAccount("Z2", crm)] }),
  );
  const retention = prepareRetention(subscriptions, identity, shippedSettings("2024-12-31"));
  expect(retention(june)?.toString() ?? null).toBe(years);
});

test("a month that goes beyond as_of ends with as_of, a year before it is a leap day's", () => {
  const identity = resolveIdentity(makeModel({}));
  const years = (asOf: string, month: string, subscriptions: readonly Subscription[]) =>
    prepareRetention(subscriptions, identity, shippedSettings(asOf))(month)?.toString() ?? null;
  expect(years("2024-06-10", "2024-12-01", [leaves("2024-06-15")])).toBe("10");
  expect(years("2024-06-15", "2024-06-01", [leaves("2024-06-15")])).toBe("1");
  const started = (start_date: string) => [sub("n", "A", { start_date })];
  expect(years("2024-12-31", "2024-02-01", started("2023-02-28"))).toBe("10");
  expect(years("2024-12-31", "2024-02-01", started("2023-03-01"))).toBe(null);
});
