/** Bulk API 1.0 queries over HTTP. */
import { type Sandbox, startSandbox } from "../src/index.ts";
import { logIn, type Session, truthOf } from "./session.ts";

let sandbox: Sandbox;
let session: Session;
beforeAll(async () => {
  sandbox = await startSandbox({ size: 3000 });
  session = await logIn(sandbox);
});
afterAll(() => sandbox.close());

const json = { "content-type": "application/json" };
async function call(path: string, body?: string, headers: Record<string, string> = {}) {
  return fetch(`${sandbox.url}/services/async/61.0/job${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-sfdc-session": session.token, ...headers },
    ...(body !== undefined && { body }),
  });
}
async function createJob(headers: Record<string, string> = {}): Promise<string> {
  const job = { operation: "queryAll", object: "Lead", contentType: "CSV" };
  const response = await call("", JSON.stringify(job), { ...json, ...headers });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}
/** All texts of an element. */
const elements = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((found) => found[1]);
const countRows = (csv: string) => (csv.match(/^"00Q/gm) ?? []).length;

async function readBatch(job: string, batch: string | undefined): Promise<string> {
  const results = elements(await (await call(`/${job}/batch/${batch}/result`)).text(), "result");
  expect(results).toHaveLength(1);
  return (await call(`/${job}/batch/${batch}/result/${results[0]}`)).text();
}

test("a CSV job speaks JSON, its batches XML; the rows are the truth", async () => {
  const job = await createJob();
  const made = await (await call(`/${job}/batch`, "SELECT Id FROM Lead")).text();
  const [batch] = elements(made, "id");
  expect(elements(made, "state")).toEqual(["Queued"]);
  await call(`/${job}/batch/${batch}`);
  const done = await (await call(`/${job}/batch/${batch}`)).text();
  expect(elements(done, "state")).toEqual(["Completed"]);
  const truth = await truthOf(sandbox, "Lead");
  expect(elements(done, "numberRecordsProcessed")).toEqual([String(truth.length)]);
  expect(countRows(await readBatch(job, batch))).toBe(truth.length);
});

test("PK chunking leaves the original batch unprocessed and makes others", async () => {
  const job = await createJob({ "sforce-enable-pkchunking": "chunkSize=100" });
  await call(`/${job}/batch`, "SELECT Id FROM Lead");
  const list = await (await call(`/${job}/batch`)).text();
  const states = elements(list, "state");
  expect([states[0], new Set(states.slice(1))]).toEqual(["NotProcessed", new Set(["Completed"])]);
  let rows = 0;
  for (const id of elements(list, "id").slice(1)) rows += countRows(await readBatch(job, id));
  expect(rows).toBe((await truthOf(sandbox, "Lead")).length);
});

test("no rows are words, a dead session is status 400", async () => {
  const job = await createJob();
  const none = "SELECT Id FROM Lead WHERE Id = '00Q000000000000AAA'";
  const [batch] = elements(await (await call(`/${job}/batch`, none)).text(), "id");
  expect(await readBatch(job, batch)).toBe("Records not found for this query");
  const refused = await call(`/${job}`, undefined, { ...json, "x-sfdc-session": "dead" });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ exceptionCode: "InvalidSessionId" });
});
