/** The built command against the sandbox, compared with what the sandbox says is true. */
import { type Sandbox, type SandboxOptions, startSandbox } from "@bizops/sandbox";
import { countRecords, lastState, load, messagesOf, spawnTap, type TapRun } from "./spawn-tap.ts";
import { expectTruth, forgetGoneLeads, truthRows } from "./truth.ts";

let sandbox: Sandbox;
const open: Sandbox[] = [];
async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const marketo = { callsPer20Seconds: 1_000_000, ...options.marketo };
  sandbox = await startSandbox({ size: 2_000, ...options, marketo });
  open.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const defaultStreams = [
  "activities_change_status_in_progression",
  "activities_click_email",
  "activities_click_link",
  "activities_delete_lead",
  "activities_fill_out_form",
  "activities_interesting_moment",
  "activities_merge_leads",
  "activities_visit_webpage",
  "activity_types",
  "campaigns",
  "leads",
  "program_costs",
  "programs",
];
/** Runs begin here unless they have to read everything: a window of a type is a job. */
const since = "2026-02-01T00:00:00Z";
const sinceEver = "2024-01-01T00:00:00Z";
const keepAll = { privacy: { direct: "keep", "free-text": "keep" } };

function config(more: object = {}): object {
  const { url, credentials } = sandbox.marketo;
  return {
    endpoint: url,
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    start_date: since,
    poll_interval: 0.001,
    max_export_days: 31,
    max_calls_per_20_seconds: 1_000_000,
    ...keepAll,
    ...more,
  };
}
const run = (more: Partial<TapRun> = {}) => spawnTap({ ...more, config: more.config ?? config() });

async function control(path: string, body: unknown = {}): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
}
/** An answer of Marketo's that says no. */
const refusal = (code: string, message: string) => ({
  kind: "status",
  status: 200,
  body: JSON.stringify({ success: false, errors: [{ code, message }] }),
});

interface CatalogEntry {
  readonly stream: string;
  readonly schema: { properties: { [name: string]: { [keyword: string]: unknown } } };
  readonly metadata: { breadcrumb: string[]; metadata: { [name: string]: unknown } }[];
}
const metadataOf = ({ metadata }: CatalogEntry, field?: string) =>
  metadata.find(({ breadcrumb }) => breadcrumb[1] === field)?.metadata;

async function discover(): Promise<CatalogEntry[]> {
  const { code, stdout } = await run({ args: ["--discover"] });
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { streams: CatalogEntry[] }).streams;
}
/** A catalog of these streams with all that can be read selected. */
async function select(...names: string[]): Promise<{ streams: CatalogEntry[] }> {
  const streams = await discover();
  const wanted = streams.filter(({ stream }) => names.length === 0 || names.includes(stream));
  for (const { metadata } of wanted) for (const each of metadata) each.metadata.selected = true;
  return { streams: wanted };
}

describe("discovery", () => {
  test("leads by describe, a stream for each type of activity, programs, lists and assets", async () => {
    await start();
    const streams = await discover();
    const selected = streams.filter((each) => metadataOf(each)?.["selected-by-default"] === true);
    expect(selected.map(({ stream }) => stream).sort()).toEqual(defaultStreams);
    const names = ["lists", "emails", "landing_pages", "forms", "program_tags"];
    expect(streams.map(({ stream }) => stream)).toEqual(expect.arrayContaining(names));
    const find = (name: string) => streams.find(({ stream }) => stream === name)!;
    expect(metadataOf(find("leads"))).toMatchObject({
      "table-key-properties": ["id"],
      "replication-key": "updatedAt",
    });
    expect(metadataOf(find("activities_visit_webpage"))).toMatchObject({
      "table-key-properties": ["marketoGUID"],
      "replication-key": "activityDate",
    });
    const { properties } = find("leads").schema;
    expect(properties).not.toHaveProperty("Legacy");
    expect(properties.email).toMatchObject({ "x-privacy": "direct" });
    expect(properties.personNotes).toMatchObject({ "x-privacy": "free-text" });
    expect(properties.company).not.toHaveProperty("x-privacy");
    const visit = find("activities_visit_webpage").schema.properties;
    expect(visit.client_ip_address).toMatchObject({ "x-privacy": "direct" });
    expect(visit.query_parameters).toMatchObject({ "x-privacy": "free-text" });
    expect(visit.primary_attribute_value).not.toHaveProperty("x-privacy");
  });
});

describe("reading", () => {
  test("by default: the shipped streams, the truth", async () => {
    await start();
    const result = await run();
    expect([result.code, result.stderr.match(/^(ERROR|CRITICAL|WARNING).*/m)]).toEqual([0, null]);
    const tables = load(messagesOf(result));
    expect([...tables.keys()].sort()).toEqual(defaultStreams);
    await expectTruth(sandbox, tables, since);
  });

  test("everything selected: every field of every stream, digit for digit, null and the word null apart", async () => {
    await start();
    const catalog = await select();
    const result = await run({ config: config({ start_date: sinceEver }), catalog });
    expect(result.code).toBe(0);
    const tables = load(messagesOf(result));
    await expectTruth(sandbox, tables, sinceEver);
    expect(tables.size).toBe(catalog.streams.length);
    for (const { stream, schema } of catalog.streams) {
      const [row = {}] = tables.get(stream)!.values();
      const extra = Object.keys(row).filter((field) => !(field in schema.properties));
      expect([stream, extra]).toEqual([stream, []]);
    }
    expect(result.stdout).toContain("0.1000000000000000055511151231257827");
    const notes = [...tables.get("leads")!.values()].map(({ personNotes }) => personNotes);
    expect(notes).toEqual(expect.arrayContaining(["null", null]));
    expect(notes.some((note) => /\r.*\0.*日本語/s.test(String(note)))).toBe(true);
  });

  test("days later: what was added, changed, deleted and merged since, and little else", async () => {
    await start();
    const first = await run();
    const tables = load(messagesOf(first));
    await control("advance", { steps: 14 });
    const second = await run({ state: lastState(first) });
    expect(second.code).toBe(0);
    expect(countRecords(second, "leads")).toBeGreaterThan(10);
    expect(countRecords(second, "leads")).toBeLessThan(countRecords(first, "leads") / 2);
    load(messagesOf(second), tables);
    const leads = tables.get("leads")!.size;
    forgetGoneLeads(tables);
    expect(tables.get("leads")!.size).toBeLessThan(leads);
    await expectTruth(sandbox, tables, since);
  });

  test("a second run without a change reads nothing beyond the look-back", async () => {
    await start();
    const settings = config({ lookback_window: 0 });
    const first = await run({ config: settings });
    const second = await run({ config: settings, state: lastState(first) });
    const full = ["activity_types", "program_costs"];
    const again = messagesOf(second).flatMap((message) =>
      message.type === "RECORD" && !full.includes(message.stream) ? [message] : [],
    );
    // Lists and deletions resume at their newest row, that one included.
    const names = again.map(({ stream }) => stream);
    expect(names.filter((name) => /leads|activities_(?!delete)/.test(name))).toEqual([]);
    for (const { stream, record } of again) {
      const state = lastState(first) as {
        bookmarks: { [stream: string]: { [key: string]: string } };
      };
      const [bookmark] = Object.values(state.bookmarks[stream]!);
      expect(Date.parse(String(record.updatedAt ?? record.activityDate))).toBe(
        Date.parse(bookmark!),
      );
    }
  });

  test("start_date and end_date bound it, and the next run goes on from there", async () => {
    await start();
    const end = Date.parse("2026-05-01T00:00:00Z");
    const first = await run({ config: config({ end_date: "2026-05-01T00:00:00Z" }) });
    const tables = load(messagesOf(first));
    for (const row of tables.get("leads")!.values()) {
      expect(Date.parse(String(row.updatedAt))).toBeLessThan(end);
    }
    load(messagesOf(await run({ state: lastState(first) })), tables);
    forgetGoneLeads(tables);
    await expectTruth(sandbox, tables, since);
  });

  test("--test reads one record of each stream and no state", async () => {
    await start();
    const result = await run({ args: ["--test"] });
    const read = messagesOf(result).flatMap((message) =>
      message.type === "RECORD" ? [message.stream] : [],
    );
    expect([result.code, read]).toEqual([0, [...new Set(read)]]);
    // Some types of activities have none since then.
    expect(read.length).toBeGreaterThan(defaultStreams.length - 4);
    expect(lastState(result)).toBeUndefined();
  });
});

describe("resuming", () => {
  const streams = ["leads", "activities_visit_webpage", "activities_delete_lead", "programs"];
  const settings = () => config({ lookback_window: 0, start_date: "2026-04-10T00:00:00Z" });

  test.each([
    ["the updatedAt filter", true],
    ["a full scan", false],
  ])(
    "with %s: from every STATE a run reads exactly what is missing",
    async (_, filtersByUpdate) => {
      await start({ size: 8_000, marketo: { filtersByUpdate } });
      const catalog = await select(...streams);
      const whole = await run({ config: settings(), catalog });
      const messages = messagesOf(whole);
      const expected = load(messages);
      expect(expected.get("leads")!.size).toBeGreaterThan(50);
      const states = messages.flatMap((message, at) => (message.type === "STATE" ? [at] : []));
      expect(states.length).toBeGreaterThan(10);
      for (const at of states) {
        const state = (messages[at] as { value: unknown }).value;
        const rest = await run({ config: settings(), catalog, state });
        expect(rest.code).toBe(0);
        const tables = load(messagesOf(rest), load(messages.slice(0, at)));
        expect(tables).toEqual(expected);
      }
    },
  );

  test("an export under way is gone on with, not asked for again", async () => {
    await start();
    const catalog = await select("leads");
    const slow = { kind: "reset", match: { path: "file.json" }, times: 99 };
    await control("faults", slow);
    const first = await run({ config: config({ max_retries: 0 }), catalog });
    expect(first.code).toBe(4);
    const state = lastState(first) as { bookmarks: { leads: { job: { id: string } } } };
    expect(state.bookmarks.leads.job.id).toMatch(/^sandbox-export-/);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
    await fetch(`${sandbox.url}/sandbox/requests`, { method: "DELETE" });
    const second = await run({ catalog, state });
    const both = load(messagesOf(second), load(messagesOf(first)));
    await expectTruth(sandbox, both, since);
    const answer = await fetch(`${sandbox.url}/sandbox/requests`);
    const requests = (await answer.json()) as { [call: string]: number };
    const jobs = messagesOf(second).filter(
      (message) => message.type === "STATE" && JSON.stringify(message.value).includes('"job"'),
    );
    const created = requests["POST /bulk/v1/{object}/export/create.json"];
    expect(created).toBe(new Set(jobs.map((job) => JSON.stringify(job))).size);
  });
});

describe("without the updatedAt filter", () => {
  test("all leads are exported in each run, so that no change is missed", async () => {
    await start({ marketo: { filtersByUpdate: false } });
    const settings = config({ start_date: sinceEver });
    const catalog = await select("leads", "activities_delete_lead", "activities_merge_leads");
    const first = await run({ config: settings, catalog });
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/^WARNING leads: the subscription cannot filter by updatedAt/m);
    const tables = load(messagesOf(first));
    await expectTruth(sandbox, tables, sinceEver);
    await control("advance", { steps: 20 });
    load(messagesOf(await run({ config: settings, catalog, state: lastState(first) })), tables);
    forgetGoneLeads(tables);
    await expectTruth(sandbox, tables, sinceEver);
  });
});

describe("misfortune", () => {
  const file = "leads/export/.*/file";
  test.each([
    ["429 with Retry-After", { kind: "status", status: 429, headers: { "Retry-After": "0" } }],
    ["503", { kind: "status", status: 503 }],
    ["606, too many calls", refusal("606", "Max rate limit '100' exceeded with in '20' secs")],
    ["611, a system error", refusal("611", "System error")],
    ["a reset", { kind: "reset" }],
    ["an answer lost after it was acted on", { kind: "reset-mid-body", afterBytes: 1 }],
    ["a token that ends", { kind: "expire-session" }],
  ])("%s anywhere costs a retry and no row", async (_, fault) => {
    await start();
    for (const path of [
      file,
      "leads/export/create",
      "leads/export/.*/enqueue",
      "programs",
      "types",
    ]) {
      await control("faults", { ...fault, match: { path } });
    }
    const result = await run({ config: config({ max_retries: 6 }) });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/tried again|logging in again/);
    await expectTruth(sandbox, load(messagesOf(result)), since);
  });

  test("a file that breaks off goes on where it stopped, one cut short or altered is fetched again", async () => {
    await start({ size: 20_000 });
    const fault = { kind: "reset-mid-body", afterBytes: 5_000, match: { path: file } };
    await control("faults", fault);
    await control("faults", { ...fault, kind: "truncate", match: { path: "activities.*file" } });
    const result = await run({ catalog: await select("leads", "activities_visit_webpage") });
    expect(result.code).toBe(0);
    await expectTruth(sandbox, load(messagesOf(result)), since);
  });

  test("an export that is complete but has no file any more, and one nobody knows, are asked for again", async () => {
    await start();
    await control("faults", { kind: "status", status: 404, match: { path: file } });
    await control("faults", {
      ...refusal("1003", "Export job not found"),
      match: { path: "status" },
    });
    const result = await run({ catalog: await select("leads") });
    expect(result.code).toBe(0);
    expect(result.stderr.match(/^WARNING leads: the job is lost, asking again/gm)).toHaveLength(2);
    await expectTruth(sandbox, load(messagesOf(result)), since);
  });

  test("a full queue is waited for", async () => {
    await start();
    await control("faults", {
      ...refusal("1029", "Too many jobs in queue"),
      match: { path: "enqueue" },
      times: 3,
    });
    const result = await run({ catalog: await select("leads") });
    expect(result.code).toBe(0);
    await expectTruth(sandbox, load(messagesOf(result)), since);
  });

  test.each([
    ["603, no permission", refusal("603", "Access denied"), 3, /the role of the API user/],
    ["1003, a field that is gone", refusal("1003", "Invalid field: 'x'"), 5, /discover again/],
    ["an answer that is none", { kind: "status", status: 200, body: "{}" }, 5, /does not say/],
  ])("%s: the code says what to do", async (_, fault, code, line) => {
    await start();
    await control("faults", { ...fault, match: { path: "leads/export/create" }, times: 99 });
    const result = await run({ catalog: await select("leads") });
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(line)]);
  });

  test("a wrong secret: exit 3, one line that helps and does not hold it", async () => {
    await start();
    const result = await run({ config: config({ client_secret: "wr0ng-secret" }) });
    expect([result.code, result.stdout]).toEqual([3, ""]);
    expect(result.stderr).toMatch(/^CRITICAL Marketo refused the login: check client_id/m);
    expect(result.stderr).not.toContain("wr0ng-secret");
  });
});

describe("allowances", () => {
  test.each([
    ["max_daily_calls", {}, { max_daily_calls: 40 }, /max_daily_calls/],
    ["the subscription's calls (607)", { apiLimit: 40 }, {}, /error 607/],
    ["the day's exports (1029)", { marketo: { exportBytes: 10_000 } }, {}, /error 1029.*allowance/],
  ])(
    "[EXIT-6] %s spent: the state is good, and later days bring the rest",
    async (_, options, more, line) => {
      await start(options);
      const gone = ["activities_delete_lead", "activities_merge_leads"];
      const catalog = await select("leads", "activities_visit_webpage", ...gone);
      let result = await run({ config: config(more), catalog });
      expect([result.code, result.stderr]).toEqual([6, expect.stringMatching(line)]);
      const tables = load(messagesOf(result));
      for (let days = 0; result.code === 6 && days < 20; days += 1) {
        await control("advance");
        result = await run({ config: config(more), catalog, state: lastState(result) });
        load(messagesOf(result), tables);
      }
      expect(result.code).toBe(0);
      forgetGoneLeads(tables);
      await expectTruth(sandbox, tables, since);
    },
  );
});

test("personal data leaves as pseudonyms only, free text and query strings not at all, logs hold none", async () => {
  await start();
  const catalog = await select();
  const result = await run({
    config: config({ privacy: {} }),
    catalog,
    environment: { LOGLEVEL: "debug" },
  });
  expect(result.code).toBe(0);
  const written = new Set(
    messagesOf(result).flatMap((message) =>
      message.type === "RECORD" ? Object.values(message.record) : [],
    ),
  );
  const personal = [
    "firstName",
    "lastName",
    "email",
    "phone",
    "mobilePhone",
    "address",
    "anonymousIP",
    "personNotes",
  ];
  let planted = 0;
  for (const row of await truthRows(sandbox, "leads")) {
    for (const field of personal) {
      const value = row[field];
      if (typeof value !== "string" || value.trim().length < 4 || value === "null") continue;
      planted += 1;
      if (written.has(value) || (value.length > 6 && result.stderr.includes(value))) {
        throw new Error(`${field} of lead ${row.id} got out`);
      }
    }
  }
  expect(planted).toBeGreaterThan(1000);
  expect(result.stdout).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+|%40|MARKED|192\.0\.2\.|asked for a/i);
  expect(result.stderr).not.toMatch(
    /@example|MARKED|192\.0\.2\.|sandbox-token|demo-marketo-secret/,
  );
  expect(result.stdout).toMatch(/"email":"[0-9a-f]{64}"/);
});
