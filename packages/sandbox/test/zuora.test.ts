/** Zuora's paths as a client meets them. */
import { type Sandbox, startSandbox } from "../src/index.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ size: 40_000 });
});
afterAll(() => sandbox.close());

const basic = () => {
  const { username, password } = sandbox.zuora.credentials;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
};
const keys = () => {
  const { username, password } = sandbox.zuora.credentials;
  return { apiAccessKeyId: username, apiSecretAccessKey: password };
};
async function call(method: string, path: string, body?: unknown, headers: object = basic()) {
  const response = await fetch(`${sandbox.zuora.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}
interface Job {
  readonly id: string;
  readonly status: string;
  readonly message?: string;
  readonly batches: {
    full: boolean;
    status: string;
    recordCount: number;
    fileId?: string;
    segments?: string[];
    message?: string;
  }[];
}
const submit = async (query: string, more: object = {}, deleted?: object): Promise<Job> => {
  const queries = [{ name: "q", query, type: "zoqlexport", ...(deleted ? { deleted } : {}) }];
  const request = { version: "1.2", useQueryLabels: "true", dateTimeUtc: "true", queries, ...more };
  return JSON.parse((await call("POST", "/v1/batch-query/", request)).text);
};
async function finish(job: Job): Promise<Job> {
  let look = job;
  while (look.status === "submitted" || look.status === "executing") {
    look = JSON.parse((await call("GET", `/v1/batch-query/jobs/${job.id}`)).text);
  }
  return look;
}
async function rowsOf({ batches }: Job): Promise<string[]> {
  const rows: string[] = [];
  for (const id of batches[0]!.segments ?? [batches[0]!.fileId!]) {
    rows.push(...(await call("GET", `/v1/file/${id}`)).text.trim().split("\n").slice(1));
  }
  return rows;
}
async function truthOf(object: string): Promise<Record<string, unknown>[]> {
  const { text } = await call("GET", `/sandbox/truth/zuora/${object}`);
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("describe lists the objects as XML, and of one its fields with their contexts and joins", async () => {
  const list = await call("GET", "/v1/describe", undefined, keys());
  expect(list.text).toContain("<name>Subscription</name>");
  const one = await call("GET", "/v1/describe/Subscription", undefined, keys());
  expect(one.text).toMatch(/<name>OpportunityId__c<\/name>.*<context>export<\/context>/);
  expect(one.text).toMatch(/<related-objects><object [^>]*><name>Account<\/name>/);
  expect((await call("GET", "/v1/describe/Nonsense", undefined, keys())).status).toBe(404);
});

test("three ways in, each refused with the wrong secret", async () => {
  const { clientId, clientSecret } = sandbox.zuora.credentials;
  const grant = async (secret: string) => {
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: secret };
    const body = new URLSearchParams(form);
    return fetch(`${sandbox.zuora.url}/oauth/token`, { method: "POST", body });
  };
  expect((await grant("wrong")).status).toBe(401);
  const { access_token } = (await (await grant(clientSecret)).json()) as { access_token: string };
  const bearer = { authorization: `Bearer ${access_token}` };
  expect((await call("GET", "/v1/describe", undefined, bearer)).status).toBe(200);
  await call("POST", "/sandbox/expire-sessions");
  expect((await call("GET", "/v1/describe", undefined, bearer)).status).toBe(401);
  const wrong = { ...keys(), apiSecretAccessKey: "wrong" };
  const refused = await call("POST", "/v1/object/export", {}, wrong);
  expect([refused.status, JSON.parse(refused.text).success]).toEqual([200, false]);
});

test("a stateless job goes through its states, and its segments hold the rows it counted", async () => {
  const job = await submit("select Id, Invoice.Id from InvoiceItem");
  expect([job.status, job.batches[0]!.status]).toEqual(["submitted", "pending"]);
  const done = await finish(job);
  const [batch] = done.batches;
  expect(batch!.segments!.length).toBeGreaterThan(1);
  const truth = (await truthOf("InvoiceItem")).filter(({ Deleted }) => !Deleted);
  expect(batch!.recordCount).toBe(truth.length);
  expect(await rowsOf(done)).toEqual(truth.map(({ Id, InvoiceId }) => `${Id},${InvoiceId}`));
  await call("DELETE", `/v1/batch-query/jobs/${job.id}`);
  expect((await call("GET", `/v1/file/${batch!.segments![0]}`)).status).toBe(404);
});

test("deleted rows are told for 30 days, where the object tells them", async () => {
  const deleted = { column: "Deleted", format: "Boolean" };
  const done = await finish(await submit("select Id from Invoice", {}, deleted));
  const gone = (await rowsOf(done)).filter((row) => row.endsWith(",true"));
  const oldest = new Date(sandbox.world.now - 30 * 86_400_000).toISOString();
  const truth = (await truthOf("Invoice")).filter((row) => row.Deleted);
  const recent = truth.filter((row) => String(row.UpdatedDate) >= oldest);
  expect(gone).toEqual(recent.map(({ Id }) => `${Id},true`));
  expect(truth.length).toBeGreaterThan(recent.length);
  const log = await submit("select Id from PaymentTransactionLog", {}, deleted);
  expect([log.status, log.message]).toEqual(["error", expect.stringMatching(/deleted records/)]);
});

test("a session is answered in full once, then with what changed, or changed since a Pacific time", async () => {
  const session = { partner: "bizops", project: "p1" };
  const first = await submit("select Id from Payment", session);
  const again = await submit("select Id from Payment", session);
  expect([first.batches[0]!.full, again.batches[0]!.full]).toEqual([true, false]);
  expect((await finish(again)).batches[0]!.recordCount).toBe(0);
  const incrementalTime = "2026-05-01 00:00:00";
  const since = await finish(
    await submit("select Id from Payment", { ...session, incrementalTime }),
  );
  const truth = (await truthOf("Payment")).filter(
    ({ UpdatedDate }) => String(UpdatedDate) >= "2026-05-01T07:00:00.000Z",
  );
  expect(since.batches[0]!.recordCount).toBe(truth.length);
});

test("errors come with HTTP 200 from AQuA and as INVALID_VALUE from exports", async () => {
  const wrong = await submit("select Nope from Account");
  expect(wrong).toMatchObject({ status: "error", message: expect.stringMatching(/syntax error/) });
  const refused = await finish(await submit("select Id, TaxCompanyCode from Account"));
  expect([refused.status, refused.batches[0]!.message]).toEqual([
    "error",
    expect.stringMatching(/TaxCompanyCode/),
  ]);
  const request = { Format: "csv", Query: "select TaxCompanyCode from Account" };
  const rest = await call("POST", "/v1/object/export", request, keys());
  expect([rest.status, rest.text]).toEqual([400, expect.stringMatching(/INVALID_VALUE/)]);
});

test("an export is one file with the tenant's time", async () => {
  const where = "UpdatedDate >= '2026-01-01T00:00:00Z' and UpdatedDate < '2026-06-01T00:00:00Z'";
  const Query = `select Id, Account.Id, UpdatedDate from Subscription where ${where}`;
  const { text } = await call("POST", "/v1/object/export", { Format: "csv", Query }, keys());
  const { Id } = JSON.parse(text);
  const look = async () =>
    JSON.parse((await call("GET", `/v1/object/export/${Id}`, undefined, keys())).text);
  expect([(await look()).Status, (await look()).Status]).toEqual(["Processing", "Completed"]);
  const { FileId } = await look();
  const file = await call("GET", `/v1/files/${FileId}`, undefined, keys());
  const [header, ...rows] = file.text.trim().split("\n");
  expect(header).toBe("Subscription.Id,Account.Id,Subscription.UpdatedDate");
  const inWindow = (await truthOf("Subscription")).filter(
    ({ UpdatedDate, Deleted }) =>
      !Deleted && String(UpdatedDate) >= "2026-01-01" && String(UpdatedDate) < "2026-06-01",
  );
  expect(rows).toHaveLength(inWindow.length);
  for (const row of rows) expect(row).toMatch(/-0[78]:00$/);
});
