/** The built command against the sandbox, compared with what the sandbox says is true. */
import { type Sandbox, type SandboxOptions, startSandbox } from "@bizops/sandbox";
import { readMessages } from "@bizops/testkit";
import {
  type CatalogEntry,
  control,
  expectTruth,
  load,
  metadataOf,
  recordsOf,
  runTap,
  select,
  statesOf,
  truthOf,
} from "./try-tap.ts";

let sandbox: Sandbox;
async function start(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox({ size: 9_000, ...options });
}
afterEach(() => sandbox.close());

const defaultStreams = [
  "Account",
  "Amendment",
  "Invoice",
  "InvoiceItem",
  "Payment",
  "Product",
  "ProductRatePlan",
  "ProductRatePlanCharge",
  "RatePlan",
  "RatePlanCharge",
  "Subscription",
];
const changing = ["Account", "Contact", "Invoice", "Subscription"];
const stateful = { aqua_stateful: "true", partner_id: "bizops" };
const rest = { api_type: "REST" };

describe("discovery", () => {
  test("every object that can be exported, with joins, keys and what is selected by default", async () => {
    await start();
    const { code, stdout, stderr } = await runTap(sandbox, { args: ["--discover"] });
    expect([code, stderr.match(/^(ERROR|CRITICAL|WARNING).*/m)]).toEqual([0, null]);
    const { streams } = JSON.parse(stdout) as { streams: CatalogEntry[] };
    const selected = streams.filter((each) => metadataOf(each)?.["selected-by-default"] === true);
    expect(selected.map(({ stream }) => stream)).toEqual(defaultStreams);
    const subscription = streams.find(({ stream }) => stream === "Subscription")!;
    expect(metadataOf(subscription)).toMatchObject({
      "table-key-properties": ["Id"],
      "replication-key": "UpdatedDate",
    });
    const { properties } = subscription.schema;
    expect(properties).toHaveProperty("AccountId");
    expect(properties).toHaveProperty("Deleted");
    expect(properties.Notes).toHaveProperty("x-privacy", "free-text");
    expect(properties.SubscriptionEndDate).toMatchObject({ format: "date" });
    expect(metadataOf(subscription, "Seats__c")).toMatchObject({ "selected-by-default": true });
    expect(metadataOf(subscription, "OpportunityId__c")).toMatchObject({
      "selected-by-default": false,
    });
    const log = streams.find(({ stream }) => stream === "PaymentTransactionLog")!;
    expect(metadataOf(log)).toMatchObject({ "replication-key": "TransactionDate" });
    expect(log.schema.properties).not.toHaveProperty("Deleted");
    const account = streams.find(({ stream }) => stream === "Account")!;
    expect(account.schema.properties).not.toHaveProperty("Mrr");
    expect(account.schema.properties.Name).not.toHaveProperty("x-privacy");
    const contact = streams.find(({ stream }) => stream === "Contact")!;
    for (const field of ["FirstName", "WorkEmail", "WorkPhone", "Address1"]) {
      expect(contact.schema.properties[field]).toHaveProperty("x-privacy", "direct");
    }
  });

  test("REST tells of no deletions, and what it is known to refuse is unsupported", async () => {
    await start();
    const { stdout } = await runTap(sandbox, { args: ["--discover"], settings: rest });
    const { streams } = JSON.parse(stdout) as { streams: CatalogEntry[] };
    const subscription = streams.find(({ stream }) => stream === "Subscription")!;
    expect(subscription.schema.properties).not.toHaveProperty("Deleted");
    expect(metadataOf(subscription, "IsLatestVersion")).toMatchObject({
      inclusion: "unsupported",
    });
  });
});

describe("reading", () => {
  test.each([
    ["stateless AQuA", {}],
    ["stateful AQuA", stateful],
    ["REST", rest],
  ])(
    "%s: every object and field that can be read is the truth, digit for digit",
    async (_, settings) => {
      await start({ size: 40_000 });
      const catalog = await select(sandbox, "all", "all", settings);
      const result = await runTap(sandbox, { catalog, settings });
      expect([result.code, result.stderr.match(/^(ERROR|CRITICAL).*/m)]).toEqual([0, null]);
      const tables = load(readMessages(result.stdout));
      const streams = catalog.streams.map(({ stream }) => stream);
      expect([...tables.keys()].sort()).toEqual(streams);
      await expectTruth(sandbox, tables, streams);
      // Fields the object refuses are named, left out, and cost nothing else.
      expect(result.stderr).toMatch(
        /^WARNING Account: fields that Zuora refuses .*TaxCompanyCode/m,
      );
      const [account] = tables.get("Account")!.values();
      expect(account).not.toHaveProperty("TaxCompanyCode");
      expect(account).toHaveProperty("Segment__c");
    },
  );

  test("by default: the shipped objects; awkward text, empty booleans and scientific numbers arrive", async () => {
    await start();
    const result = await runTap(sandbox);
    expect(result.code).toBe(0);
    const tables = load(readMessages(result.stdout));
    expect([...tables.keys()].sort()).toEqual(defaultStreams);
    await expectTruth(sandbox, tables, defaultStreams);
    const subscriptions = [...tables.get("Subscription")!.values()];
    expect(subscriptions.some(({ Notes }) => String(Notes).includes("\n"))).toBe(true);
    expect(subscriptions.some(({ Notes }) => Notes === "null")).toBe(true);
    expect(subscriptions.some(({ AutoRenew }) => AutoRenew === null)).toBe(true);
    expect(subscriptions.some((row) => Number(row.MeteredUnits__c) > 1e9)).toBe(true);
    const names = subscriptions.map(({ Name }) => Name);
    expect(new Set(names).size).toBeLessThan(names.length);
  });

  test.each([
    ["stateless AQuA", {}],
    ["stateful AQuA", stateful],
    ["REST", rest],
  ])("%s: later runs read what changed, and what was deleted is marked", async (_, settings) => {
    await start({ size: 40_000 });
    const catalog = await select(sandbox, changing, "all", settings);
    const first = await runTap(sandbox, { catalog, settings });
    const tables = load(readMessages(first.stdout));
    const total = recordsOf(readMessages(first.stdout)).length;
    let last = first;
    for (const steps of [7, 14]) {
      await control(sandbox, "advance", { steps });
      const next = await runTap(sandbox, { catalog, settings, state: statesOf(last).at(-1) });
      expect(next.code).toBe(0);
      const messages = readMessages(next.stdout);
      expect(recordsOf(messages).length).toBeGreaterThan(0);
      expect(recordsOf(messages).length).toBeLessThan(total / 4);
      await expectTruth(sandbox, load(messages, tables), changing, settings !== rest);
      last = next;
    }
    const deleted = changing.flatMap((stream) =>
      [...tables.get(stream)!.values()].filter(({ Deleted }) => Deleted === true),
    );
    expect(deleted.length > 0).toBe(settings !== rest);
  });

  test("a run after which nothing has happened reads nothing", async () => {
    await start();
    const first = await runTap(sandbox);
    const again = await runTap(sandbox, { state: statesOf(first).at(-1) });
    expect([again.code, recordsOf(readMessages(again.stdout))]).toEqual([0, []]);
    expect(statesOf(again).at(-1)).toEqual(statesOf(first).at(-1));
  });

  test.each([
    ["AQuA", {}],
    ["stateful AQuA", stateful],
    ["REST", rest],
  ])("%s: end_date is exclusive, the next run goes on from there", async (_, settings) => {
    await start();
    const catalog = await select(sandbox, changing, "all", settings);
    const end_date = "2025-06-01T02:00:00+02:00";
    const first = await runTap(sandbox, { catalog, settings: { ...settings, end_date } });
    const tables = load(readMessages(first.stdout));
    for (const table of tables.values()) {
      for (const { UpdatedDate } of table.values()) {
        expect(String(UpdatedDate) < "2025-06-01T00:00:00.000Z").toBe(true);
      }
    }
    expect(tables.size).toBeGreaterThan(2);
    const second = await runTap(sandbox, { catalog, settings, state: statesOf(first).at(-1) });
    await expectTruth(sandbox, load(readMessages(second.stdout), tables), changing);
  });

  test("start_date bounds a first run, and singer-io's state is taken up", async () => {
    await start();
    const catalog = await select(sandbox, ["Invoice"]);
    const start_date = "2026-05-01T00:00:00Z";
    const bySetting = await runTap(sandbox, { catalog, settings: { start_date } });
    const bookmark = { UpdatedDate: "2026-05-01T00:00:00.000000Z", version: 17 };
    const byState = await runTap(sandbox, {
      catalog,
      settings: { lookback_window: 0 },
      state: { bookmarks: { Invoice: bookmark } },
    });
    const expected = [...(await truthOf(sandbox, "Invoice")).values()]
      .filter((row) => String(row.UpdatedDate) >= "2026-05-01")
      .filter((row) => row.Deleted === false || String(row.UpdatedDate) >= "2026-05-31")
      .map(({ Id }) => `Invoice ${Id}`);
    expect(recordsOf(readMessages(bySetting.stdout)).sort()).toEqual(expected.sort());
    expect(recordsOf(readMessages(byState.stdout)).sort()).toEqual(expected);
  });

  test("the look-back window is read again, and no more", async () => {
    await start();
    const catalog = await select(sandbox, ["Invoice"]);
    const first = await runTap(sandbox, { catalog });
    await control(sandbox, "advance", { steps: 1 });
    const settings = { lookback_window: 20 * 86_400 };
    const again = await runTap(sandbox, { catalog, settings, state: statesOf(first).at(-1) });
    const from = "2026-06-10T00:00:00.000Z";
    for (const { UpdatedDate } of load(readMessages(again.stdout)).get("Invoice")!.values()) {
      expect(String(UpdatedDate) >= from).toBe(true);
    }
  });

  test("an object read as a full table ends with its version", async () => {
    await start();
    const catalog = await select(sandbox, ["Product"]);
    const product = catalog.streams.find(({ stream }) => stream === "Product")!;
    metadataOf(product)!["replication-method"] = "FULL_TABLE";
    const result = await runTap(sandbox, { catalog });
    const types = readMessages(result.stdout).map(({ type }) => type);
    expect(types.filter((type) => type === "RECORD")).toHaveLength(3);
    expect(types).toContain("ACTIVATE_VERSION");
  });

  test("--test reads one record of each stream and no state", async () => {
    await start();
    const { code, stdout } = await runTap(sandbox, { args: ["--test"] });
    const types = readMessages(stdout).map(({ type }) => type);
    expect(code).toBe(0);
    expect(types.filter((type) => type === "RECORD")).toHaveLength(defaultStreams.length);
    expect(types).not.toContain("STATE");
  });
});

describe("logging in", () => {
  test.each([
    ["a wrong password", { password: "wr0ng-pass" }, 3],
    [
      "a wrong client secret",
      { client_id: "zuora-demo-client-id", client_secret: "wr0ng-pass" },
      3,
    ],
    ["no credentials", { username: " " }, 2],
    ["stateful mode without a partner id", { aqua_stateful: true }, 2],
  ])("%s: one line that helps, and the exit code", async (_, settings, code) => {
    await start();
    const result = await runTap(sandbox, { settings });
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr.match(/^CRITICAL /gm)).toHaveLength(1);
    expect(result.stderr).not.toMatch(/wr0ng-pass/);
  });

  test.each([
    [
      "by its own settings",
      (id: string, secret: string) => ({ client_id: id, client_secret: secret }),
    ],
    [
      "as singer-io's tap has it",
      (id: string, secret: string) => ({ auth_type: "OAUTH", username: id, password: secret }),
    ],
  ])("OAuth %s, and a token that expires in mid-run is renewed", async (_, settingsOf) => {
    await start();
    const { clientId, clientSecret } = sandbox.zuora.credentials;
    const settings = settingsOf(clientId, clientSecret);
    for (const path of ["/v1/file/", "jobs/", "batch-query/$", "describe/Invoice$"]) {
      await control(sandbox, "faults", { kind: "expire-session", match: { path } });
    }
    const result = await runTap(sandbox, { settings });
    expect(result.code).toBe(0);
    expect(result.stderr.match(/logging in again/g)).toHaveLength(4);
    await expectTruth(sandbox, load(readMessages(result.stdout)), defaultStreams);
  });
});

test("personal data leaves as pseudonyms only, free text not at all, logs hold none", async () => {
  await start();
  const catalog = await select(sandbox, "all");
  const result = await runTap(sandbox, {
    catalog,
    settings: { privacy: {} },
    environment: { LOGLEVEL: "debug" },
  });
  expect(result.code).toBe(0);
  const written = new Set(
    readMessages(result.stdout).flatMap((message) =>
      message.type === "RECORD" ? Object.values(message.record) : [],
    ),
  );
  const personal = [
    ...["FirstName", "LastName", "WorkEmail", "WorkPhone", "Address1", "Description", "Comments"],
    ...["Notes", "CustomerServiceRepName", "AdditionalEmailAddresses", "PostedBy", "Comment"],
  ];
  let planted = 0;
  for (const { stream } of catalog.streams) {
    for (const row of (await truthOf(sandbox, stream)).values()) {
      for (const field of personal) {
        const value = row[field];
        if (typeof value !== "string" || value.trim().length < 6) continue;
        planted += 1;
        if (written.has(value) || result.stderr.includes(value)) {
          throw new Error(`${stream}.${field} of ${row.Id} got out`);
        }
      }
    }
  }
  expect(planted).toBeGreaterThan(300);
  expect(result.stdout).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+/i);
  expect(result.stdout).toMatch(/"WorkEmail":"[0-9a-f]{64}"/);
  expect(result.stderr).not.toContain(sandbox.zuora.credentials.password);
});
