/** Marketo's paths as a client meets them: the token, the errors under HTTP 200, the lists, the exports. */
import { createHash } from "node:crypto";
import { type Sandbox, type SandboxOptions, startSandbox } from "../src/index.ts";
import { control } from "./session.ts";

let sandbox: Sandbox;
const open = async (options: SandboxOptions = {}): Promise<void> => {
  sandbox = await startSandbox({ size: 1000, ...options });
};
afterEach(() => sandbox.close());

interface Answer {
  readonly success: boolean;
  readonly result?: Record<string, unknown>[];
  readonly errors?: { code: string; message: string }[];
  readonly [name: string]: unknown;
}

async function requestToken(): Promise<{ access_token: string; expires_in: number }> {
  const { clientId, clientSecret } = sandbox.marketo.credentials;
  const query = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  return (await fetch(`${sandbox.url}/identity/oauth/token?${query}`)).json() as never;
}
async function send(method: string, path: string, body?: object, headers = {}): Promise<Response> {
  const { access_token } = await requestToken();
  return fetch(sandbox.url + path, {
    method,
    headers: { authorization: `Bearer ${access_token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const call = async (method: string, path: string, body?: object): Promise<Answer> =>
  (await send(method, path, body)).json() as never;
const codeOf = (answer: Answer) => answer.errors?.[0]?.code;

const month = { startAt: "2026-05-31T00:00:00Z", endAt: "2026-06-30T00:00:00Z" };
const leadsOf = (filter: object) => ({ format: "CSV", fields: ["id", "personNotes"], filter });

/** Creates, queues and waits. */
async function exported(object: string, body: object): Promise<Record<string, unknown>> {
  const { result } = await call("POST", `/bulk/v1/${object}/export/create.json`, body);
  const path = `/bulk/v1/${object}/export/${result![0]!.exportId}`;
  await call("POST", `${path}/enqueue.json`);
  for (;;) {
    const [job] = (await call("GET", `${path}/status.json`)).result!;
    if (job!.status === "Completed") return { ...job, path };
  }
}

test("everybody gets the same token, with less life each time, until it ends", async () => {
  await open({ sessionSeconds: 60 });
  const first = await requestToken();
  const second = await requestToken();
  expect(second.access_token).toBe(first.access_token);
  expect(second.expires_in).toBeLessThanOrEqual(first.expires_in);
  await control(sandbox, "POST", "/expire-sessions");
  const path = `${sandbox.url}/rest/v1/lists.json`;
  const old = await fetch(path, { headers: { authorization: `Bearer ${first.access_token}` } });
  expect([old.status, codeOf((await old.json()) as Answer)]).toEqual([200, "602"]);
  expect(codeOf((await (await fetch(path)).json()) as Answer)).toBe("600");
  expect((await requestToken()).access_token).not.toBe(first.access_token);
});

test("calls in 20 seconds and in a day are counted", async () => {
  await open({ marketo: { callsPer20Seconds: 2 } });
  for (const code of [undefined, undefined, "606"]) {
    expect(codeOf(await call("GET", "/rest/v1/lists.json"))).toBe(code);
  }
  await sandbox.close();
  await open({ apiLimit: 1 });
  const usage = await call("GET", "/rest/v1/stats/usage.json");
  expect(usage.result![0]).toMatchObject({ date: "2026-06-30", total: 1 });
  expect(codeOf(await call("GET", "/rest/v1/lists.json"))).toBe("607");
});

test("an export's file is the one its checksum and its size are of, in parts too", async () => {
  await open();
  const job = await exported("leads", leadsOf({ updatedAt: month }));
  const whole = Buffer.from(await (await send("GET", `${job.path}/file.json`)).arrayBuffer());
  expect(whole.length).toBe(job.fileSize);
  expect(job.fileChecksum).toBe(`sha256:${createHash("sha256").update(whole).digest("hex")}`);
  const range = { range: "bytes=100-" };
  const rest = await send("GET", `${job.path}/file.json`, undefined, range);
  expect([rest.status, Buffer.from(await rest.arrayBuffer())]).toEqual([206, whole.subarray(100)]);
  expect(whole.toString()).toMatch(/^id,personNotes\n[\s\S]*,null\n/);
});

test.each([
  [
    "a range of more than 31 days",
    { createdAt: { ...month, startAt: "2026-05-01T00:00:00Z" } },
    "1003",
  ],
  ["milliseconds", { createdAt: { ...month, startAt: "2026-05-31T00:00:00.000Z" } }, "1003"],
  ["a filter the subscription lacks", { updatedAt: month }, "1035"],
  ["no filter", {}, "1003"],
])("an export with %s is refused", async (_, filter, code) => {
  await open({ marketo: { filtersByUpdate: false } });
  expect(codeOf(await call("POST", "/bulk/v1/leads/export/create.json", leadsOf(filter)))).toBe(
    code,
  );
});

test("ten exports may queue, and only so many bytes a day", async () => {
  await open({ marketo: { exportBytes: 10 } });
  const ids: unknown[] = [];
  for (let n = 0; n < 13; n++) {
    const answer = await call(
      "POST",
      "/bulk/v1/leads/export/create.json",
      leadsOf({ createdAt: month }),
    );
    ids.push(answer.result![0]!.exportId);
  }
  const codes: (string | undefined)[] = [];
  const messages = new Set<string>();
  for (const id of ids) {
    const answer = await call("POST", `/bulk/v1/leads/export/${id}/enqueue.json`);
    codes.push(codeOf(answer));
    for (const { message } of answer.errors ?? []) messages.add(message);
  }
  expect(codes.slice(0, 2)).toEqual([undefined, undefined]);
  expect(codes.at(-1)).toBe("1029");
  expect([...messages]).toEqual(["Export daily quota exceeded"]);
});

test("lists page by token, assets by offset up to a warning, costs come by id only", async () => {
  await open();
  const first = await call("GET", "/rest/v1/campaigns.json?batchSize=5");
  const next = await call(
    "GET",
    `/rest/v1/campaigns.json?batchSize=300&nextPageToken=${first.nextPageToken}`,
  );
  const ids = [...first.result!, ...next.result!].map(({ id }) => id);
  expect([new Set(ids).size, next.nextPageToken]).toEqual([
    sandbox.world.programs.count * 2,
    undefined,
  ]);
  const programs = await call("GET", "/rest/asset/v1/programs.json?maxReturn=200");
  expect(programs.result![0]).not.toHaveProperty("costs");
  expect(programs.result![0]!.updatedAt).toMatch(/Z\+0000$/);
  const end = await call("GET", "/rest/asset/v1/programs.json?maxReturn=200&offset=200");
  expect([end.result, end.warnings]).toEqual([undefined, [expect.stringContaining("No assets")]]);
  const [program] = (await call("GET", `/rest/asset/v1/program/${programs.result![0]!.id}.json`))
    .result!;
  expect((program!.costs as unknown[]).length).toBeGreaterThan(1);
  expect(codeOf(await call("GET", "/rest/asset/v1/program/1.json"))).toBe("702");
});

test("pages of deleted leads may be empty with more behind them", async () => {
  await open({ size: 20_000, marketo: { callsPer20Seconds: 1000 } });
  const since = "2024-01-01T00:00:00Z";
  let answer = await call("GET", `/rest/v1/activities/pagingtoken.json?sinceDatetime=${since}`);
  const found: unknown[] = [];
  let empty = 0;
  do {
    answer = await call(
      "GET",
      `/rest/v1/activities/deletedleads.json?nextPageToken=${answer.nextPageToken}`,
    );
    if (!("result" in answer)) empty++;
    found.push(...(answer.result ?? []));
  } while (answer.moreResult);
  expect(empty).toBeGreaterThan(0);
  const truth = await control(sandbox, "GET", "/truth/marketo/activities_delete_lead");
  expect(found.length).toBe((await truth.text()).trim().split("\n").length);
});

test("programs mirror the campaigns of Salesforce, and leads name its records", async () => {
  await open();
  const rows = async (path: string) =>
    (await (await control(sandbox, "GET", `/truth/${path}`)).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string | null>);
  const idsOf = async (object: string) =>
    new Set((await rows(`salesforce/${object}`)).map(({ Id }) => Id));
  const linked = (await rows("marketo/programs")).filter(({ sfdcId }) => sfdcId !== null);
  const campaigns = await idsOf("Campaign");
  expect(linked.length).toBeGreaterThan(5);
  for (const { sfdcId } of linked) expect(campaigns.has(sfdcId!)).toBe(true);
  const [leads, contacts, people] = [
    await idsOf("Lead"),
    await idsOf("Contact"),
    await rows("marketo/leads"),
  ];
  for (const { sfdcLeadId, sfdcContactId } of people) {
    if (sfdcLeadId !== null) expect(leads.has(sfdcLeadId!)).toBe(true);
    if (sfdcContactId !== null) expect(contacts.has(sfdcContactId!)).toBe(true);
  }
  expect(people.filter(({ sfdcType }) => sfdcType === null).length).toBeGreaterThan(10);
});

test("no row of marketing changes without its time of change changing, and what was done stays as it was", async () => {
  const at = async (step: number, object: string) => {
    await open({ step });
    const text = await (await control(sandbox, "GET", `/truth/marketo/${object}`)).text();
    await sandbox.close();
    return new Map(
      text
        .trim()
        .split("\n")
        .map(
          (line) => [String(JSON.parse(line).marketoGUID ?? JSON.parse(line).id), line] as const,
        ),
    );
  };
  for (const object of ["leads", "programs", "activities"]) {
    const [before, after] = [await at(3, object), await at(20, object)];
    for (const [id, line] of after) {
      const old = before.get(id);
      if (old === undefined || old === line) continue;
      const time = (text: string) => JSON.parse(text).updatedAt;
      expect([object, id, time(line) > time(old)]).toEqual([object, id, true]);
    }
    if (object === "activities") expect(after.size).toBeGreaterThan(before.size);
    for (const id of before.keys()) if (object !== "leads") expect(after.has(id)).toBe(true);
  }
  await open();
});
