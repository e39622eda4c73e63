/** Whatever goes wrong on the way, the same table comes of it, or an exit code that tells what to do. */
import { type Sandbox, startSandbox } from "@bizops/sandbox";
import { readMessages } from "@bizops/testkit";
import {
  control,
  expectTruth,
  load,
  recordsOf,
  runTap,
  select,
  statesOf,
  truthOf,
} from "./try-tap.ts";

let sandbox: Sandbox;
/** Invoice has a field that is refused; InvoiceItem comes in several segments. */
const streams = ["Invoice", "InvoiceItem", "Subscription"];
let catalog: Awaited<ReturnType<typeof select>>;
let restCatalog: typeof catalog;
const rest = { api_type: "rest" };
beforeAll(async () => {
  sandbox = await startSandbox({ size: 40_000 });
  catalog = await select(sandbox, streams);
  restCatalog = await select(sandbox, streams, "all", rest);
});
afterEach(() => control(sandbox, "faults", undefined, "DELETE"));
afterAll(() => sandbox.close());

const fault = (path: string, kind: string, more: object = {}) => ({
  match: { path },
  kind,
  ...more,
});
const broken = /v1\/files?\//.source;

test.each([
  [
    "429 with Retry-After",
    [fault("v1", "status", { status: 429, headers: { "Retry-After": "1" } })],
  ],
  ["429 of the vendor's own", [fault("v1", "quota", { times: 2 })]],
  ["503 and a reset", [fault("job|export", "status"), fault("v1", "reset")]],
  ["resets within bodies", [fault(broken, "reset-mid-body", { afterBytes: 20_000, times: 2 })]],
  [
    "HTTP 200 that says: a temporary error",
    [
      fault("v1/(batch|object)", "status", {
        status: 200,
        body: JSON.stringify({ success: false, reasons: [{ code: 50000061, message: "later" }] }),
      }),
    ],
  ],
  [
    "files cut off here and there",
    [
      fault(broken, "truncate", { afterBytes: 20_000 }),
      fault(broken, "truncate", { afterBytes: 77_777 }),
      fault(broken, "truncate", { afterBytes: 4 }),
    ],
  ],
  [
    "all of it",
    [
      fault("v1", "reset"),
      fault(broken, "truncate", { afterBytes: 50_001 }),
      fault("v1", "status", { status: 502 }),
      fault(broken, "reset-mid-body", { afterBytes: 9_999 }),
      fault("v1", "slow", { delayMs: 200, times: 3 }),
    ],
  ],
])("%s: the same table", async (_, faults) => {
  for (const [settings, chosen] of [
    [{}, catalog],
    [rest, restCatalog],
  ] as const) {
    await control(sandbox, "faults", faults);
    const result = await runTap(sandbox, { catalog: chosen, settings });
    expect([result.code, result.stderr.match(/^(ERROR|CRITICAL).*/m)]).toEqual([0, null]);
    expect(result.stderr).toMatch(/^WARNING .*again/m);
    await expectTruth(sandbox, load(readMessages(result.stdout)), streams);
  }
});

test("from every STATE a run reads exactly what was missing", async () => {
  const first = await runTap(sandbox, { catalog });
  const messages = readMessages(first.stdout);
  const ends = messages.flatMap(({ type }, index) => (type === "STATE" ? [index] : []));
  expect(ends.length).toBeGreaterThan(10);
  for (const end of ends) {
    const { value } = messages[end] as { value: unknown };
    const resumed = await runTap(sandbox, { catalog, state: value });
    expect(resumed.code).toBe(0);
    const rest = readMessages(resumed.stdout);
    expect(recordsOf(rest)).toEqual(recordsOf(messages.slice(end)));
    await expectTruth(sandbox, load(rest, load(messages.slice(0, end))), streams);
  }
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "%s while a job runs: the next run goes on with that job",
  async (signal) => {
    await control(sandbox, "faults", fault("jobs/", "slow", { delayMs: 600_000 }));
    const first = await runTap(sandbox, { catalog, kill: { at: /"job":/, signal } });
    expect(first.code).toBe(signal === "SIGTERM" ? 143 : null);
    await control(sandbox, "faults", undefined, "DELETE");
    const second = await runTap(sandbox, { catalog, state: statesOf(first).at(-1) });
    expect(second.stderr).toMatch(/^INFO Invoice: going on with a job/m);
    await expectTruth(sandbox, load(readMessages(second.stdout)), streams);
  },
);

test.each([
  ["AQuA", {}, "jobs/", { status: "error", batches: [{ message: "The query timed out." }] }],
  ["REST", rest, "export/", { Status: "Failed", StatusReason: "Query TimedOut after 10800 s" }],
])("%s: an export that times out is asked for in halves", async (_, settings, path, answer) => {
  const body = JSON.stringify(answer);
  await control(sandbox, "faults", fault(path, "status", { status: 200, body, times: 2 }));
  const chosen = settings === rest ? restCatalog : catalog;
  const result = await runTap(sandbox, { catalog: chosen, settings });
  expect(result.stderr.match(/window is halved/g)).toHaveLength(2);
  await expectTruth(sandbox, load(readMessages(result.stdout)), streams);
});

test.each([
  [
    "a job that was cancelled with its files",
    async (id: string) => {
      const { username, password } = sandbox.zuora.credentials;
      const basic = Buffer.from(`${username}:${password}`).toString("base64");
      const headers = { authorization: `Basic ${basic}` };
      await fetch(`${sandbox.url}/v1/batch-query/jobs/${id}`, { method: "DELETE", headers });
    },
  ],
  ["a job that nobody knows", async () => {}],
])("%s is asked for again", async (name, spoil) => {
  const chosen = await select(sandbox, ["Subscription"]);
  const first = await runTap(sandbox, { catalog: chosen });
  const [state] = statesOf(first) as { bookmarks: { Subscription: { job: { id: string } } } }[];
  const { job } = state!.bookmarks.Subscription;
  await spoil(job.id);
  if (name.includes("nobody")) job.id = "2c92c0f8000000000000000000000000";
  const second = await runTap(sandbox, { catalog: chosen, state });
  expect(second.stderr).toMatch(/^WARNING Subscription: the job is lost/m);
  await expectTruth(sandbox, load(readMessages(second.stdout)), ["Subscription"]);
});

test("a job that was asked for other fields is asked for again", async () => {
  const few = await select(sandbox, ["Subscription"], ["Name"]);
  const [state] = statesOf(await runTap(sandbox, { catalog: few }));
  const chosen = await select(sandbox, ["Subscription"]);
  const { stdout } = await runTap(sandbox, { catalog: chosen, state });
  const tables = load(readMessages(stdout));
  expect([...tables.get("Subscription")!.values()][0]).toHaveProperty("Status");
  await expectTruth(sandbox, tables, ["Subscription"]);
});

describe("a file that is broken at Zuora's", () => {
  const products = async (lines: (ids: string[]) => string[]) => {
    const ids = [...(await truthOf(sandbox, "Product")).keys()];
    return lines(ids).join("\n");
  };
  const line = (name: string, id: string) => `${name},2024-01-01T13:00:00Z,${id},false`;
  const header = "Name,UpdatedDate,Id,Deleted";
  const serve = async (body: string, times: number) => {
    const headers = { "content-type": "text/csv" };
    const more = { status: 200, headers, body, times };
    await control(sandbox, "faults", fault("/v1/file/", "status", more));
    const chosen = await select(sandbox, ["Product"], ["Name", "Deleted"]);
    return runTap(sandbox, { catalog: chosen });
  };

  test.each([
    ["lacks a row", ([a, b]: string[]) => [header, line("x", a!), line("y", b!), ""]],
    ["has a row with too few cells", ([a]: string[]) => [header, line("x", a!), "y,z", ""]],
    ["has a row with too many cells", ([a]: string[]) => [header, `${line("x", a!)},more`, ""]],
    ["is cut off within its last id", ([a]: string[]) => [header, line("x", a!).slice(0, 40)]],
    ["lacks a column", ([a]: string[]) => ["Name,Id,Deleted", `x,${a},false`, ""]],
    [
      "has a boolean that is none",
      ([a]: string[]) => [header, line("x", a!).replace("false", "fa")],
    ],
    ["has nothing in it", () => [""]],
  ])("%s: once costs nothing, always is exit 5 or 4 and no bookmark", async (_, lines) => {
    const body = await products(lines);
    const once = await serve(body, 1);
    expect(once.code).toBe(0);
    await expectTruthOfNames(once.stdout);
    const always = await serve(body, 999);
    expect([4, 5]).toContain(always.code);
    expect(always.stderr).toMatch(/^CRITICAL Product: /m);
    const state = statesOf(always).at(-1) as { bookmarks: { Product: { UpdatedDate: string } } };
    expect(state.bookmarks.Product.UpdatedDate).toBe("2007-01-01T00:00:00.000Z");
  });

  test("NUL characters and line breaks are kept", async () => {
    const names = ["a\0b", '"c\r\nd"', '"e ""f"""'];
    const body = await products((ids) => [header, ...ids.map((id, n) => line(names[n]!, id)), ""]);
    const { code, stdout } = await serve(body, 1);
    const rows = [...load(readMessages(stdout)).get("Product")!.values()];
    expect([code, rows.map(({ Name }) => Name)]).toEqual([0, ["a\0b", "c\r\nd", 'e "f"']]);
  });

  const expectTruthOfNames = async (stdout: string) => {
    const rows = [...load(readMessages(stdout)).get("Product")!.values()];
    const truth = [...(await truthOf(sandbox, "Product")).values()];
    expect(rows.map(({ Name }) => Name)).toEqual(truth.map(({ Name }) => Name));
  };
});

test("retries used up: exit 4, the state is good", async () => {
  await control(sandbox, "faults", fault("v1/file/", "status", { times: 99 }));
  const settings = { max_retries: 0 };
  const first = await runTap(sandbox, { catalog, settings });
  expect([first.code, recordsOf(readMessages(first.stdout))]).toEqual([4, []]);
  await control(sandbox, "faults", undefined, "DELETE");
  const second = await runTap(sandbox, { catalog, settings, state: statesOf(first).at(-1) });
  expect(second.stderr.match(/going on with a job/g)).toHaveLength(3);
  await expectTruth(sandbox, load(readMessages(second.stdout)), streams);
});

test("no server: exit 4 and one line", async () => {
  const result = await runTap(sandbox, {
    settings: { base_url: "http://127.0.0.1:9", max_retries: 0 },
  });
  expect([result.code, result.stdout]).toEqual([4, ""]);
  expect(result.stderr.match(/^CRITICAL .*127\.0\.0\.1:9/gm)).toHaveLength(1);
});
