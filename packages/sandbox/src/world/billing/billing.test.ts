/** Billing follows from the opportunities won, and moves on with the clock. */
import { createWorld, type World } from "../world.ts";
import type { BillingRows } from "./billing.ts";

const NAMES = [
  "accounts",
  "contacts",
  "subscriptions",
  "amendments",
  "ratePlans",
  "charges",
  "invoices",
  "invoiceItems",
  "payments",
  "refunds",
  "products",
  "productCharges",
] as const;

function rowsOf<Name extends keyof BillingRows>(world: World, name: Name): BillingRows[Name][] {
  const table = world.billing(name);
  return Array.from({ length: table.count }, (_none, position) => table.row(position));
}

test.each(NAMES)("the table of %s says of each row what the row says", (name) => {
  const world = createWorld({ size: 9000, step: 30 });
  const table = world.billing(name);
  for (let position = 0; position < table.count; position++) {
    const row = table.row(position);
    expect([row.key, row.changedAt, row.isDeleted]).toEqual([
      table.keyAt(position),
      table.changedAt(position),
      table.isDeleted(position),
    ]);
    expect(row.changedAt).toBeLessThan(world.now);
    expect(row.changedAt).toBeGreaterThanOrEqual(row.createdAt);
    expect(table.find(row.key)).toBe(position);
  }
});

test.each(NAMES)("no row of %s changes without its time of change changing", (name) => {
  for (let step = 0; step < 400; step += 100) {
    const before = createWorld({ size: 4000, step });
    const after = createWorld({ size: 4000, step: step + 100 });
    const table = after.billing(name);
    const old = before.billing(name);
    for (let position = 0; position < old.count; position++) {
      const now = table.find(old.keyAt(position));
      expect(now).toBeGreaterThanOrEqual(0);
      if (table.changedAt(now) >= before.now) continue;
      expect(table.row(now)).toEqual(old.row(position));
    }
  }
});

test("every won opportunity is billed by one subscription, whose latest version alone is not expired", () => {
  const world = createWorld({ size: 20_000 });
  const versions = rowsOf(world, "subscriptions");
  const billed = new Set(versions.map((row) => row.opportunityKey));
  const { opportunities } = world;
  for (let position = 0; position < opportunities.count; position++) {
    const row = opportunities.row(position);
    if (row.isWon && row.closeDate < world.now - 10 * 86_400_000) {
      expect(billed.has(row.key)).toBe(true);
    }
  }
  const accounts = new Set(rowsOf(world, "accounts").map(({ key }) => key));
  for (const row of versions) {
    expect(accounts.has(row.accountKey)).toBe(true);
    const next = world.billing("subscriptions").find(row.key + 1);
    const isLatest = next < 0 || row.key % 16 === 15;
    if (!row.isDeleted) expect(row.status === "Expired").toBe(!isLatest);
  }
  const statuses = new Set(versions.map(({ status }) => status));
  for (const status of ["Active", "Cancelled", "Expired"]) expect(statuses).toContain(status);
});

test("invoices are drafted, posted, cancelled, paid, refunded and deleted; customers leave in some months only", () => {
  const world = createWorld({ size: 20_000 });
  const invoices = rowsOf(world, "invoices");
  for (const status of ["Draft", "Posted", "Canceled"]) {
    expect(invoices.some((row) => row.status === status)).toBe(true);
  }
  expect(invoices.some((row) => row.isDeleted)).toBe(true);
  expect(rowsOf(world, "refunds").length).toBeGreaterThan(0);
  const left = rowsOf(world, "subscriptions").filter((row) => row.version.isCancelled);
  expect(left.length).toBeGreaterThan(3);
});
