/** The built command over Bulk API 2.0, compared with what the sandbox says is true. */
import { type Sandbox, type SandboxOptions, startSandbox } from "@bizops/sandbox";
import {
  configOf,
  controlSandbox,
  defaultStreams,
  expectSandboxTruth,
  readTruth,
} from "./sandbox-truth.ts";
import {
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
async function start(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox({ size: 9_000, ...options });
  open.push(sandbox);
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
const config = (more: object = {}) => configOf(sandbox, { api_type: "BULK", ...more });
const run = (more: Partial<TapRun> = {}) => spawnTap({ ...more, config: more.config ?? config() });
const control = (path: string, body?: unknown) => controlSandbox(sandbox, path, body);
const expectTruth = (tables: Tables, streams: readonly string[]) =>
  expectSandboxTruth(sandbox, tables, streams);
const jobs = "/services/data/{version}/jobs/query";
async function countRequests(template: string, method = "GET"): Promise<number> {
  const counts = await (await fetch(`${sandbox.url}/sandbox/requests`)).json();
  return (counts as { [call: string]: number })[`${method} ${template}`] ?? 0;
}

describe("bulk2", () => {
  test("by default: the shipped objects, the truth", async () => {
    await start();
    const result = await run();
    expect([result.code, result.stderr.match(/^(ERROR|CRITICAL|WARNING).*/m)]).toEqual([0, null]);
    await expectTruth(load(result), defaultStreams);
    expect(await countRequests(jobs, "POST")).toBe(defaultStreams.length);
  });

  test.each([{}, { firstHeaderOnly: true }])(
    "every field of every object is the very record REST gives (%j)",
    async (options) => {
      await start(options);
      const catalog = await selectEverything(config());
      const inBulk = catalog.streams.filter(({ stream }) => stream !== "CronJobDetail");
      const bulk = await run({ catalog: { streams: inBulk } });
      expect([bulk.code, bulk.stderr.match(/^(ERROR|CRITICAL).*/m)]).toEqual([0, null]);
      const rest = await run({
        catalog: { streams: inBulk },
        config: config({ api_type: "rest" }),
      });
      const names = inBulk.map(({ stream }) => stream);
      await expectTruth(load(bulk), names);
      const byRest = load(rest);
      for (const [name, table] of load(bulk)) {
        const sorted = (rows: Tables) => [...rows.get(name)!.entries()].sort();
        expect([name, JSON.stringify(sorted(new Map([[name, table]])).slice(0, 3))]).toEqual([
          name,
          JSON.stringify(
            sorted(byRest)
              .slice(0, 3)
              .map(([id, row]) => [
                id,
                Object.fromEntries(Object.keys(table.get(id)!).map((field) => [field, row[field]])),
              ]),
          ),
        ]);
      }
    },
  );

  test("a later run reads what was added, edited and deleted since, and little else", async () => {
    await start();
    const first = await run();
    const tables = load(first);
    await control("advance", { steps: 14 });
    const second = await run({ state: lastState(first) });
    const count = (stdout: string) => stdout.split('"type":"RECORD"').length - 1;
    expect(count(second.stdout)).toBeGreaterThan(20);
    expect(count(second.stdout)).toBeLessThan(count(first.stdout) / 4);
    await expectTruth(load(second, tables), defaultStreams);
  });

  test("from every STATE of a run the rest is read, with the job that state knows", async () => {
    await start();
    const settings = config({ objects: ["Account", "CampaignMember", "Lead"] });
    const first = await run({ config: settings });
    const messages = readMessages(first);
    const ends = messages.flatMap(({ type }, at) => (type === "STATE" ? [at] : []));
    expect(ends.length).toBeGreaterThan(8);
    for (const end of ends) {
      const lines = first.stdout.split("\n").slice(0, end + 1);
      const tables = load({ ...first, stdout: `${lines.join("\n")}\n` });
      const { value } = messages[end] as unknown as { value: { bookmarks: object } };
      await fetch(`${sandbox.url}/sandbox/requests`, { method: "DELETE" });
      const second = await run({ config: settings, state: value });
      expect([end, second.code]).toEqual([end, 0]);
      await expectTruth(load(second, tables), ["Account", "CampaignMember", "Lead"]);
      const begun = JSON.stringify(value).includes('"job"') ? 1 : 0;
      const done = Object.keys(value.bookmarks).length - begun;
      const submitted = await countRequests(jobs, "POST");
      expect([end, submitted <= 3 - done]).toEqual([end, true]);
    }
  });

  test("SIGTERM while a job runs: the next run goes on with the job", async () => {
    await start();
    const looks = `${jobs.replace("{version}", "v61.0")}/750`;
    await control("faults", { kind: "slow", delayMs: 600_000, match: { path: `${looks}\\w+$` } });
    const settings = config({ objects: ["Lead"] });
    const first = await run({ config: settings, killAt: /job submitted/ });
    expect(first.code).toBe(143);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
    const second = await run({ config: settings, state: lastState(first) });
    await expectTruth(load(second), ["Lead"]);
    expect(await countRequests(jobs, "POST")).toBe(1);
  });

  test("a job that other fields were selected for is not taken up", async () => {
    await start();
    const settings = config({ objects: ["Lead"] });
    const states = readMessages(await run({ config: settings })).filter(
      ({ type }) => type === "STATE",
    );
    const withJob = states.find((state) => JSON.stringify(state).includes('"job"'));
    const { value } = withJob as { value: unknown };
    const second = await run({
      config: config({ objects: ["Lead"], privacy: { direct: "keep", "free-text": "drop" } }),
      state: value,
    });
    expect(second.stderr).toMatch(/WARNING Lead: the job is lost.*other fields/);
    await expectTruth(load(second), ["Lead"]);
  });

  const look = { method: "GET", path: "jobs/query/750\\w+$" };
  const failed = (state: string, errorMessage: string) => ({
    kind: "status",
    status: 200,
    match: look,
    body: JSON.stringify({ state, errorMessage }),
  });
  test.each([
    ["aborted", failed("Aborted", ""), 2],
    ["failed", failed("Failed", "InternalServerError : something"), 2],
    [
      "deleted",
      { kind: "status", status: 404, match: look, body: '[{"errorCode":"NOT_FOUND"}]' },
      2,
    ],
    ["too large", failed("Failed", "QUERY_TIMEOUT: Your query was running for too long."), 3],
  ])("a job that is %s is submitted again", async (_, fault, expected) => {
    await start();
    await control("faults", fault);
    const result = await run({ config: config({ objects: ["Lead"] }) });
    expect(result.code).toBe(0);
    await expectTruth(load(result), ["Lead"]);
    expect(await countRequests(jobs, "POST")).toBe(expected);
  });

  test("queries that take too long are made smaller until they do not", async () => {
    await start({ largestQuery: 300 });
    const result = await run({ config: config({ objects: ["CampaignMember", "Lead"] }) });
    expect(result.code).toBe(0);
    await expectTruth(load(result), ["CampaignMember", "Lead"]);
  });

  const results = "/results";
  test.each([
    ["429", { kind: "status", status: 429, headers: { "Retry-After": "1" } }],
    ["503", { kind: "status", status: 503 }],
    ["a reset", { kind: "reset" }],
    ["a reset in the body", { kind: "reset-mid-body", afterBytes: 50_000 }],
    ["an expired session", { kind: "expire-session", times: 1 }],
    ["a slow answer", { kind: "slow", delayMs: 300 }],
    ["a CSV cut off within a row", { kind: "truncate", afterBytes: 60_007 }],
    ["a CSV cut off behind its header", { kind: "truncate", afterBytes: 300 }],
  ])("%s costs no row and doubles none", async (_, fault) => {
    await start();
    await control("faults", { times: 2, ...fault, match: { path: results } });
    const result = await run({ config: config({ objects: ["Contact", "Lead"] }) });
    expect([result.code, result.stderr.match(/^CRITICAL.*/m)]).toEqual([0, null]);
    await expectTruth(load(result), ["Contact", "Lead"]);
    const records = readMessages(result).filter(({ type }) => type === "RECORD");
    const truth = await Promise.all(["Contact", "Lead"].map((name) => readTruth(sandbox, name)));
    expect(records).toHaveLength(truth[0]!.size + truth[1]!.size);
  });

  test("a CSV that is cut off each time ends the stream, and its state is good", async () => {
    await start();
    const settings = config({ objects: ["Lead"] });
    await control("faults", {
      kind: "truncate",
      afterBytes: 60_007,
      match: { path: results },
      times: 9,
    });
    const first = await run({ config: settings });
    expect(first.code).toBe(5);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
    const second = await run({ config: settings, state: lastState(first) });
    await expectTruth(load(second, load(first, new Map(), true)), ["Lead"]);
    expect(await countRequests(jobs, "POST")).toBe(1);
  });

  test("[EXIT-6] the share of the day's jobs is used: exit 6, and from the state the rest", async () => {
    await start({ bulkJobLimit: 10 });
    const first = await run({ config: config({ quota_percent_per_run: 40 }) });
    expect(first.code).toBe(6);
    expect(first.stderr).toMatch(/^CRITICAL .*quota_percent_per_run/m);
    const tables = load(first, new Map(), true);
    expect(tables.size).toBe(4);
    await start();
    await expectTruth(load(await run({ state: lastState(first) }), tables), defaultStreams);
  });
});

describe("auto", () => {
  const auto = (more: object = {}) => config({ api_type: "auto", ...more });

  test("small objects by REST, large ones by a job, those Bulk cannot read by REST", async () => {
    await start({ size: 120_000 });
    const settings = auto({ objects: ["Account", "CampaignMember", "CronJobDetail", "User"] });
    const catalog = await selectEverything(settings);
    const result = await run({ config: settings, catalog });
    expect(result.code).toBe(0);
    const objects = catalog.streams.map(({ stream }) => stream);
    await expectTruth(load(result), objects);
    const truth = await readTruth(sandbox, "CampaignMember");
    expect(truth.size).toBeGreaterThan(20_000);
    expect(result.stderr.match(/job submitted/g)).toHaveLength(1);
    expect(result.stderr).toMatch(/CampaignMember: job submitted/);
    const again = await run({ config: settings, catalog, state: lastState(result) });
    expect(again.stderr).not.toMatch(/job submitted/);
  });

  test("where no job may be spent, REST goes on", async () => {
    await start({ size: 120_000, bulkJobLimit: 1 });
    const settings = auto({ objects: ["CampaignMember"] });
    const result = await run({ config: settings });
    expect([result.code, await countRequests(jobs, "POST")]).toEqual([0, 0]);
    await expectTruth(load(result), ["CampaignMember"]);
  });
});

test("REST queries that take too long are made smaller until they do not", async () => {
  await start({ largestQuery: 300 });
  const result = await run({
    config: config({ api_type: "rest", objects: ["CampaignMember", "Lead"] }),
  });
  expect(result.code).toBe(0);
  await expectTruth(load(result), ["CampaignMember", "Lead"]);
});

describe("refresh_calculated_fields_after", () => {
  test.each(["rest", "bulk2"])(
    "%s: formulas are read again once they are old",
    async (api_type) => {
      await start();
      const usage = ["Product_Usage__c"];
      const settings = (hours?: number) =>
        config({ api_type, objects: usage, refresh_calculated_fields_after: hours });
      const catalog = await selectEverything(settings());
      const first = await run({ catalog, config: settings(24) });
      const tables = load(first);
      await expectTruth(tables, usage);
      await control("advance", { steps: 3 });
      const fresh = await run({ catalog, config: settings(24), state: lastState(first) });
      await expect(expectTruth(load(fresh, tables), usage)).rejects.toThrow("Age_Days__c");
      const due = await run({ catalog, config: settings(1e-6), state: lastState(fresh) });
      expect(due.code).toBe(0);
      await expectTruth(load(due, tables), usage);
      expect(JSON.stringify(lastState(due))).toMatch(/"calculated_fields_read_at":"20/);
    },
  );
});
