/** The company: the same for the same options, moving on with its clock, with every edge case at any size. */
import { DAY } from "./calendar.ts";
import type { Table } from "./table.ts";
import { createWorld, type World } from "./world.ts";

const KINDS = [
  "users",
  "accounts",
  "leads",
  "contacts",
  "campaigns",
  "touches",
  "opportunities",
  "opportunityPeople",
  "stageHistory",
  "fieldHistory",
  "activities",
  "usage",
  "attachments",
] as const;

function rows<Row>(table: Table<Row>): Row[] {
  return Array.from({ length: table.count }, (_none, position) => table.row(position));
}

function rowsByKey(world: World, kind: (typeof KINDS)[number]): Map<number, string> {
  const table: Table<unknown> = world[kind];
  return new Map(rows(table).map((row, position) => [table.keyAt(position), JSON.stringify(row)]));
}

test("equal options make equal rows, another seed makes others", () => {
  const once = createWorld({ seed: 7, size: 2000, step: 3 });
  const again = createWorld({ seed: 7, size: 2000, step: 3 });
  const other = createWorld({ seed: 8, size: 2000, step: 3 });
  for (const kind of KINDS) expect(rowsByKey(again, kind)).toEqual(rowsByKey(once, kind));
  expect(rowsByKey(other, "leads")).not.toEqual(rowsByKey(once, "leads"));
});

test.each([1000, 5000, 40_000])("a size of %d gives about that many rows", (size) => {
  const world = createWorld({ size });
  const total = KINDS.reduce((sum, kind) => sum + world[kind].count, 0);
  expect(total / size).toBeGreaterThan(0.8);
  expect(total / size).toBeLessThan(1.4);
});

test.each(KINDS)("the table of %s says of each row what the row says", (kind) => {
  const world = createWorld({ size: 3000, step: 40 });
  const table: Table<object> = world[kind];
  for (let position = 0; position < table.count; position++) {
    const row = table.row(position) as { changedAt?: number; at?: number; isDeleted?: boolean };
    expect(row.changedAt ?? row.at).toBe(table.changedAt(position));
    expect(row.isDeleted ?? false).toBe(table.isDeleted(position));
    expect(table.changedAt(position)).toBeLessThan(world.now);
    expect(table.find(table.keyAt(position))).toBe(position);
  }
  const order = [...table.byChange()];
  expect(order.length).toBe(table.count);
  for (let n = 1; n < order.length; n++) {
    expect(table.changedAt(order[n]!)).toBeGreaterThanOrEqual(table.changedAt(order[n - 1]!));
  }
});

test.each([1000, 20_000])(
  "at size %d each day adds, edits and deletes opportunities, and dates all of it in that day",
  (size) => {
    for (let step = 0; step < 6; step++) {
      const before = rowsByKey(createWorld({ size, step }), "opportunities");
      const world = createWorld({ size, step: step + 1 });
      const seen = { added: 0, edited: 0, deleted: 0 };
      const table = world.opportunities;
      for (let position = 0; position < table.count; position++) {
        const old = before.get(table.keyAt(position));
        const row = table.row(position);
        if (old === JSON.stringify(row)) continue;
        expect(row.changedAt).toBeGreaterThanOrEqual(world.now - DAY);
        if (old === undefined) seen.added++;
        else if (row.isDeleted) seen.deleted++;
        else seen.edited++;
      }
      expect(seen.added).toBeGreaterThan(0);
      expect(seen.edited).toBeGreaterThan(0);
      expect(seen.deleted).toBeGreaterThan(0);
    }
  },
);

test.each([
  "accounts",
  "leads",
  "contacts",
  "campaigns",
  "touches",
  "opportunityPeople",
  "stageHistory",
  "opportunities",
  "usage",
] as const)("no row of %s changes without its time of change changing", (kind) => {
  // A formula over today's date is no change of the row, and the vendor does not count it as one.
  const stored = (row: string) => row.replace(/"ageInDays":\d+,/, "");
  for (let step = 0; step < 12; step += 3) {
    const before = createWorld({ size: 4000, step });
    const after = createWorld({ size: 4000, step: step + 3 });
    const old = rowsByKey(before, kind);
    const table: Table<unknown> = after[kind];
    for (let position = 0; position < table.count; position++) {
      const was = old.get(table.keyAt(position));
      if (was === undefined || table.changedAt(position) >= before.now) continue;
      expect(stored(JSON.stringify(table.row(position)))).toBe(stored(was));
    }
  }
});

test.each([1000, 5000])("at size %d every edge case is there", (size) => {
  const world = createWorld({ size });
  const opportunities = rows(world.opportunities);
  const live = opportunities.filter((row) => !row.isDeleted);
  expect(live.some((row) => row.source === null)).toBe(true);
  expect(live.some((row) => row.source === "Event - Legacy")).toBe(true);
  expect(live.some((row) => row.stage === "10-Duplicate" && row.acceptedOn !== null)).toBe(true);
  expect(live.some((row) => row.isWon && row.acceptedOn === null)).toBe(true);
  expect(live.some((row) => row.isWon && row.iacv === null)).toBe(true);
  expect(opportunities.some((row) => row.isDeleted)).toBe(true);
  const campaigns = rows(world.campaigns);
  expect(campaigns.some((row) => row.cost === "0.0")).toBe(true);
  expect(campaigns.some((row) => row.cost === null)).toBe(true);
  expect(campaigns.some((row) => row.isDeleted)).toBe(true);
  const texts = rows(world.leads).map((row) => row.description ?? "");
  for (const odd of ["\n", '"', "\t", "🚀", "\u2028"]) {
    expect(
      texts
        .concat(rows(world.accounts).map((row) => row.description ?? ""))
        .some((text) => text.includes(odd)),
    ).toBe(true);
  }
  expect(rows(world.accounts).some((row) => (row.description?.length ?? 0) > 30_000)).toBe(true);
  expect(rows(world.usage)[0]!.meter).toBe("12345678901234.5678");
});

test.each([1000, 5000])(
  "at size %d opportunities have no, one, two and many touches, ties, and one after the close",
  (size) => {
    const world = createWorld({ size });
    const touches = rows(world.touches).filter((touch) => !touch.isDeleted);
    const people = rows(world.opportunityPeople).filter((row) => !row.isDeleted);
    const touchesOf = (opportunity: number) => {
      const members = people.filter((row) => row.opportunityKey === opportunity);
      return touches.filter((touch) => members.some((row) => row.personKey === touch.personKey));
    };
    const opportunity = (key: number) => world.opportunities.row(world.opportunities.find(key));
    expect(people.filter((row) => row.opportunityKey === 5)).toHaveLength(0);
    expect(touchesOf(6)).toHaveLength(1);
    expect(touchesOf(7)).toHaveLength(2);
    expect(touchesOf(8).length).toBeGreaterThan(4);
    const [one, two] = touchesOf(9);
    expect(one!.createdAt).toBe(two!.createdAt);
    expect(touchesOf(10).some((touch) => touch.createdAt > opportunity(10).closeDate + DAY)).toBe(
      true,
    );
    expect(touchesOf(12)).toHaveLength(0);
    for (const key of [6, 7, 8, 9, 10]) expect(opportunity(key).isWon).toBe(true);
  },
);

test("whatever a row refers to exists", () => {
  const world = createWorld({ size: 4000, step: 20 });
  for (const lead of rows(world.leads)) {
    if (lead.convertedAt === null) continue;
    expect(world.contacts.find(lead.key)).toBeGreaterThanOrEqual(0);
    expect(world.accounts.find(lead.accountKey!)).toBeGreaterThanOrEqual(0);
    const opened = lead.openedOpportunityKey;
    if (opened !== null) expect(world.opportunities.find(opened)).toBeGreaterThanOrEqual(0);
  }
  for (const touch of rows(world.touches)) {
    expect(world.campaigns.find(touch.campaignKey)).toBeGreaterThanOrEqual(0);
    const home = touch.isContact ? world.contacts : world.leads;
    expect(home.find(touch.personKey)).toBeGreaterThanOrEqual(0);
  }
  for (const row of rows(world.opportunityPeople)) {
    expect(world.opportunities.find(row.opportunityKey)).toBeGreaterThanOrEqual(0);
    expect(world.contacts.find(row.personKey)).toBeGreaterThanOrEqual(0);
  }
  for (const row of rows(world.opportunities)) {
    expect(world.accounts.isDeleted(world.accounts.find(row.accountKey))).toBe(false);
    expect(world.users.find(row.ownerKey)).toBeGreaterThanOrEqual(0);
    if (row.campaignKey !== null)
      expect(world.campaigns.find(row.campaignKey)).toBeGreaterThanOrEqual(0);
  }
});

test("mail addresses and sites are on reserved domains only", () => {
  const world = createWorld({ size: 2000 });
  const reserved = /(@example\.(com|org|net)|\.example)$/i;
  for (const lead of rows(world.leads)) if (lead.email) expect(lead.email).toMatch(reserved);
  for (const account of rows(world.accounts)) expect(account.domain).toMatch(reserved);
  for (const user of rows(world.users)) expect(user.email).toMatch(reserved);
});

test.each([{ size: 10 }, { size: 10_000_000 }, { step: -1 }, { step: 1.5 }])(
  "refuses %j",
  (options) => {
    expect(() => createWorld(options)).toThrow(RangeError);
  },
);
