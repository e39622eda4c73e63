/** The built command against the sandbox, compared with what the sandbox says is true. */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "@bizops/sandbox";
import {
  configOf,
  controlSandbox,
  defaultStreams,
  expectSandboxTruth,
  keepAll,
  readTruth,
} from "./sandbox-truth.ts";
import {
  type CatalogEntry,
  lastState,
  load,
  readMessages,
  selectEverything,
  spawnTap,
  type Tables,
  type TapRun,
} from "./spawn-tap.ts";

let sandbox: Sandbox;
const open: Sandbox[] = [];
async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  sandbox = await startSandbox({ size: 9_000, ...options });
  open.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const config = (more: object = {}) => configOf(sandbox, more);
const run = (more: Partial<TapRun> & { config?: object } = {}) =>
  spawnTap({ ...more, config: more.config ?? config() });

const control = (path: string, body?: unknown) => controlSandbox(sandbox, path, body);
const truthOf = (object: string) => readTruth(sandbox, object);
const expectTruth = (tables: Tables, streams: readonly string[]) =>
  expectSandboxTruth(sandbox, tables, streams);

const metadataOf = ({ metadata }: CatalogEntry, field?: string) =>
  metadata.find(({ breadcrumb }) => breadcrumb[1] === field)?.metadata;

describe("discovery", () => {
  test("every readable object, with what is selected by default and why something cannot be", async () => {
    await start();
    const { code, stdout, stderr } = await run({ args: ["--discover"] });
    expect([code, stderr.match(/^(ERROR|CRITICAL|WARNING).*/m)]).toEqual([0, null]);
    const { streams } = JSON.parse(stdout) as { streams: CatalogEntry[] };
    const selected = streams.filter((each) => metadataOf(each)?.["selected-by-default"] === true);
    expect(selected.map(({ stream }) => stream)).toEqual(defaultStreams);
    expect(streams.map(({ stream }) => stream)).toEqual(
      expect.arrayContaining(["Task", "Product_Usage__c", "OpportunityFieldHistory"]),
    );
    const account = streams.find(({ stream }) => stream === "Account")!;
    expect(metadataOf(account)).toMatchObject({
      "table-key-properties": ["Id"],
      "replication-key": "SystemModstamp",
    });
    expect(metadataOf(account, "Id")).toMatchObject({ inclusion: "automatic" });
    expect(metadataOf(account, "BillingAddress")).toMatchObject({
      inclusion: "unsupported",
      "unsupported-description": expect.stringContaining("compound"),
    });
    expect(metadataOf(account, "Region__c")).toMatchObject({ "selected-by-default": true });
    expect(metadataOf(account, "Segment__c")).toMatchObject({ "selected-by-default": false });
    expect(account.schema.properties.Name).not.toHaveProperty("x-privacy");
    expect(account.schema.properties.BillingStreet).toHaveProperty("x-privacy", "direct");
    const fieldHistory = streams.find(({ stream }) => stream === "OpportunityFieldHistory")!;
    expect(metadataOf(fieldHistory)).toMatchObject({ "replication-key": "CreatedDate" });
  });

  test("objects limits it, and an object that is not there is a config error", async () => {
    await start();
    const found = await run({
      config: config({ objects: ["Task", "User"] }),
      args: ["--discover"],
    });
    expect(JSON.parse(found.stdout).streams.map((each: CatalogEntry) => each.stream)).toEqual([
      "Task",
      "User",
    ]);
    const missing = await run({ config: config({ objects: ["User", "Nonsense__c"] }) });
    expect([missing.code, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toMatch(/^CRITICAL objects: Nonsense__c cannot be read/m);
  });
});

describe("reading", () => {
  test("by default: the shipped objects, no custom text, the truth", async () => {
    await start();
    const result = await run();
    expect(result.code).toBe(0);
    const tables = load(result);
    expect([...tables.keys()].sort()).toEqual(defaultStreams);
    await expectTruth(tables, defaultStreams);
    const [account] = tables.get("Account")!.values();
    expect(account).toHaveProperty("Region__c");
    expect(account).not.toHaveProperty("Segment__c");
    expect(account).not.toHaveProperty("attributes");
  });

  test("everything selected: every object and every field that can be read, digit for digit", async () => {
    await start();
    const catalog = await selectEverything(config());
    const result = await run({ catalog });
    expect([result.code, result.stderr.match(/^(ERROR|CRITICAL).*/m)]).toEqual([0, null]);
    const tables = load(result);
    await expectTruth(
      tables,
      catalog.streams.map(({ stream }) => stream),
    );
    for (const entry of catalog.streams) {
      const readable = Object.keys(entry.schema.properties).filter(
        (field) => metadataOf(entry, field)?.inclusion !== "unsupported",
      );
      const [row] = tables.get(entry.stream)?.values() ?? [];
      if (row)
        expect([entry.stream, Object.keys(row).sort()]).toEqual([entry.stream, readable.sort()]);
    }
  });

  test("select_fields_by_default brings custom text too", async () => {
    await start();
    const result = await run({
      config: config({ select_fields_by_default: "true", objects: ["Account"] }),
    });
    const [account] = load(result).get("Account")!.values();
    expect(account).toHaveProperty("Segment__c");
  });

  test("a later run reads what was added, edited and deleted since, and little else", async () => {
    await start();
    const first = await run();
    const tables = load(first);
    await control("advance", { steps: 14 });
    const second = await run({ state: lastState(first) });
    expect(second.code).toBe(0);
    const count = (stdout: string) => stdout.split('"type":"RECORD"').length - 1;
    expect(count(second.stdout)).toBeGreaterThan(20);
    expect(count(second.stdout)).toBeLessThan(count(first.stdout) / 4);
    await expectTruth(load(second, tables), defaultStreams);
    const deleted = [...tables.get("Lead")!.values()].filter(({ IsDeleted }) => IsDeleted === true);
    expect(deleted.length).toBeGreaterThan(0);
  });

  test("end_date is exclusive, and the next run goes on from there", async () => {
    await start();
    const end = "2025-06-01T00:00:00Z";
    const first = await run({ config: config({ end_date: end }) });
    const tables = load(first);
    for (const table of tables.values()) {
      for (const row of table.values()) {
        expect(Date.parse(String(row.SystemModstamp))).toBeLessThan(Date.parse(end));
      }
    }
    await expectTruth(load(await run({ state: lastState(first) }), tables), defaultStreams);
  });

  test("start_date bounds a first run, singer-io's state is taken up", async () => {
    await start();
    const start_date = "2026-06-01T00:00:00Z";
    const bySetting = await run({ config: config({ start_date, objects: ["Lead"] }) });
    const state = {
      bookmarks: { Lead: { SystemModstamp: "2026-06-01T00:00:10.000000Z", version: 1 } },
    };
    const byState = await run({ config: config({ objects: ["Lead"] }), state });
    const ids = [...load(bySetting).get("Lead")!.keys()];
    expect(ids).toEqual([...load(byState).get("Lead")!.keys()]);
    const truth = [...(await truthOf("Lead")).values()];
    expect(ids).toHaveLength(
      truth.filter((row) => String(row.SystemModstamp) >= "2026-06-01T00:00:00.000Z").length,
    );
  });

  test("--test reads one record of each stream and no state", async () => {
    await start();
    const result = await run({ args: ["--test"] });
    const messages = readMessages(result);
    expect(result.code).toBe(0);
    expect(messages.filter(({ type }) => type === "RECORD")).toHaveLength(defaultStreams.length);
    expect(messages.filter(({ type }) => type === "STATE")).toHaveLength(0);
  });
});

describe("logging in", () => {
  test("a wrong password: exit 3, one line that helps", async () => {
    await start();
    const result = await run({ config: config({ password: "wr0ng-pass" }) });
    expect([result.code, result.stdout]).toEqual([3, ""]);
    const lines = result.stderr
      .split("\n")
      .filter((line) => /^(CRITICAL|ERROR|WARNING)/.test(line));
    expect(lines).toEqual([expect.stringMatching(/^CRITICAL .*INVALID_LOGIN.*security_token/)]);
    expect(result.stderr).not.toMatch(/wr0ng-pass|demo-token/);
  });

  test.each([
    ["a refresh token", { refresh_token: "demo-refresh-token" }],
    ["client credentials", {}],
  ])("OAuth with %s", async (_, more) => {
    await start();
    const { clientId: client_id, clientSecret: client_secret } = sandbox.credentials;
    const settings = {
      login_url: sandbox.url,
      client_id,
      client_secret,
      ...more,
      objects: ["User"],
    };
    const result = await run({ config: { ...settings, ...keepAll } });
    expect([result.code, load(result).get("User")?.size]).toEqual([
      0,
      (await truthOf("User")).size,
    ]);
    const refused = await run({ config: { ...settings, client_secret: "n0pe" } });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/check client_id and/),
    ]);
    expect(refused.stderr).not.toContain("n0pe");
  });

  test("a session that ends in mid-run is renewed, a refresh token that rotated is used", async () => {
    await start({ rotateRefreshTokens: true });
    await control("faults", { kind: "expire-session", match: { path: "FROM%20Lead" } });
    await control("faults", { kind: "expire-session", match: { path: "FROM%20User" } });
    const { clientId, clientSecret, refreshToken } = sandbox.credentials;
    const result = await run({
      config: {
        login_url: sandbox.url,
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
        ...keepAll,
      },
    });
    expect(result.code).toBe(0);
    expect(result.stderr.match(/logging in again/g)).toHaveLength(2);
    await expectTruth(load(result), defaultStreams);
  });
});

test("a refresh token that rotates is kept in token_file: runs at once, a kill, a lost session, the next run", async () => {
  await start({ rotateRefreshTokens: true });
  const folder = mkdtempSync(join(tmpdir(), "tap-token-"));
  const token_file = join(folder, "token.json");
  const { clientId: client_id, clientSecret: client_secret, refreshToken } = sandbox.credentials;
  const settings = {
    login_url: sandbox.url,
    client_id,
    client_secret,
    refresh_token: refreshToken,
    token_file,
    objects: ["Lead", "User"],
    ...keepAll,
  };
  await control("faults", { kind: "expire-session", match: { path: "FROM%20User" } });
  const atOnce = await Promise.all([1, 2, 3].map(() => run({ config: settings })));
  expect(atOnce.map(({ code }) => code)).toEqual([0, 0, 0]);
  await control("faults", { kind: "slow", delayMs: 600_000, match: { path: "FROM%20Lead" } });
  const killed = await run({ config: settings, killAt: /Lead: reading/ });
  expect(killed.code).toBe(143);
  await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
  const last = await run({ config: settings });
  expect([last.code, last.stderr.match(/^WARNING.*/m)]).toEqual([0, null]);
  await expectTruth(load(last), ["Lead", "User"]);
  expect(statSync(token_file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});

describe("misfortune", () => {
  test.each([
    ["429 with Retry-After", { kind: "status", status: 429, headers: { "Retry-After": "1" } }],
    ["500", { kind: "status", status: 500 }],
    ["a reset", { kind: "reset" }],
    ["a reset in the body", { kind: "reset-mid-body", afterBytes: 50_000 }],
    ["a truncated body", { kind: "truncate", afterBytes: 50_000 }],
  ])("%s costs a retry and no row", async (_, fault) => {
    await start();
    await control("faults", { ...fault, match: { path: "/query/|CampaignMember" }, times: 2 });
    const result = await run();
    expect(result.code).toBe(0);
    expect(result.stderr.match(/^WARNING a request failed and is tried again/gm)).toHaveLength(2);
    await expectTruth(load(result), defaultStreams);
  });

  test("retries used up: exit 4, the state is good", async () => {
    await start();
    await control("faults", { kind: "status", status: 503, match: { path: "Lead" }, times: 99 });
    const settings = config({ max_retries: 0, objects: ["Contact", "Lead"] });
    const first = await run({ config: settings });
    expect(first.code).toBe(4);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
    const tables = load(first, new Map(), true);
    const second = await run({ config: settings, state: lastState(first) });
    await expectTruth(load(second, tables), ["Contact", "Lead"]);
  });

  test.each([
    ["the whole organisation's share", { quota_percent_total: 80, quota_percent_per_run: 100 }],
    ["this run's share", { quota_percent_total: 100, quota_percent_per_run: 35 }],
  ])(
    "[EXIT-6] %s of the quota is spent: exit 6, and from the state the rest",
    async (_, shares) => {
      await start({ apiLimit: 18 });
      const first = await run({ config: config(shares) });
      expect(first.code).toBe(6);
      expect(first.stderr).toMatch(/^CRITICAL .*quota_percent/m);
      const tables = load(first, new Map(), true);
      expect(tables.size).toBeGreaterThan(0);
      await start();
      await expectTruth(load(await run({ state: lastState(first) }), tables), defaultStreams);
    },
  );

  test("Salesforce says the limit is reached: exit 6", async () => {
    await start();
    await control("faults", { kind: "quota", match: { path: "Lead" } });
    expect((await run()).code).toBe(6);
  });

  test("SIGTERM: exit 143, and from the state the rest", async () => {
    await start();
    await control("faults", { kind: "slow", delayMs: 600_000, match: { path: "/query/" } });
    const settings = config({ objects: ["Account", "CampaignMember", "Lead"] });
    // The third query of CampaignMember is followed by a page that does not come.
    const killAt = /(queryAll of CampaignMember[\s\S]*){3}/;
    const first = await run({ config: settings, killAt });
    expect(first.code).toBe(143);
    const tables = load(first, new Map(), true);
    expect(tables.get("CampaignMember")!.size).toBeGreaterThanOrEqual(2000);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
    const second = await run({ config: settings, state: lastState(first) });
    await expectTruth(load(second, tables), ["Account", "CampaignMember", "Lead"]);
  });
});

const personalFields = [
  "Email",
  "Phone",
  "MobilePhone",
  "Name",
  "Username",
  "Street",
  "Description",
];

test.each(["rest", "bulk2"])(
  "%s: personal data leaves as pseudonyms only, free text not at all, logs hold none",
  async (api_type) => {
    await start();
    const { code, stdout, stderr } = await run({
      config: config({ api_type, privacy: {} }),
      environment: { LOGLEVEL: "debug" },
    });
    expect(code).toBe(0);
    const written = new Set(
      readMessages({ code, stdout, stderr }).flatMap((message) =>
        message.type === "RECORD" ? Object.values(message.record) : [],
      ),
    );
    let planted = 0;
    for (const object of ["Contact", "Lead", "User"]) {
      for (const row of (await truthOf(object)).values()) {
        for (const field of personalFields) {
          const value = row[field];
          if (typeof value !== "string" || value.trim().length < 6) continue;
          planted += 1;
          if (written.has(value) || stderr.includes(value)) {
            throw new Error(`${object}.${field} of ${row.Id} got out`);
          }
        }
      }
    }
    expect(stdout).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+/i);
    expect(planted).toBeGreaterThan(1000);
    expect(stdout).toMatch(/"Email":"[0-9a-f]{64}"/);
    expect(stderr).not.toContain(sandbox.credentials.password);
  },
);

test("without a pseudonym key nothing is read", async () => {
  await start();
  const result = await run({
    config: config({ privacy: {} }),
    environment: { BIZOPS_PSEUDONYM_KEY: "" },
  });
  expect([result.code, result.stdout]).toEqual([2, ""]);
});
