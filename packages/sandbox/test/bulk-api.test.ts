/** Bulk API 2.0 query jobs over HTTP. */
import { type Sandbox, startSandbox } from "../src/index.ts";
import { DATA, logIn, type Session, truthOf } from "./session.ts";

let sandbox: Sandbox;
let session: Session;
beforeAll(async () => {
  sandbox = await startSandbox({ size: 3000 });
  session = await logIn(sandbox);
});
afterAll(() => sandbox.close());

interface Job {
  id: string;
  state: string;
  numberRecordsProcessed?: number;
}

async function create(query: string, more = {}): Promise<Response> {
  return session.send("POST", `${DATA}/jobs/query`, { operation: "queryAll", query, ...more });
}

async function look(id: string): Promise<Job> {
  return (await (await session.get(`${DATA}/jobs/query/${id}`)).json()) as Job;
}

async function createDone(query: string, more = {}): Promise<Job> {
  const { id } = (await (await create(query, more)).json()) as Job;
  await look(id);
  return look(id);
}

/** Cells of a CSV in which every value is quoted. */
function cells(csv: string): string[][] {
  const rows: string[][] = [];
  for (const line of csv.match(/(?:"(?:[^"]|"")*"[^"\n]?)+\n/g) ?? []) {
    rows.push(
      (line.match(/"(?:[^"]|"")*"/g) ?? []).map((cell) => cell.slice(1, -1).replaceAll('""', '"')),
    );
  }
  return rows;
}

test("a job goes through the vendor's states", async () => {
  const job = (await (await create("SELECT Id FROM Account")).json()) as Job;
  expect(job).toMatchObject({ state: "UploadComplete", object: "Account", jobType: "V2Query" });
  expect((await session.get(`${DATA}/jobs/query/${job.id}/results`)).status).toBe(204);
  expect((await look(job.id)).state).toBe("InProgress");
  expect(await look(job.id)).toMatchObject({
    state: "JobComplete",
    numberRecordsProcessed: (await truthOf(sandbox, "Account")).length,
  });
});

test("pages end at the word null, count their rows, and together are the truth", async () => {
  const job = await createDone(
    "SELECT Id, Description, SystemModstamp, Lead_Score__c, Email FROM Lead",
  );
  const found: string[][] = [];
  let locator = "";
  do {
    const response = await session.get(
      `${DATA}/jobs/query/${job.id}/results?maxRecords=100${locator}`,
    );
    const [header, ...rows] = cells(await response.text());
    expect(header).toEqual(["Id", "Description", "SystemModstamp", "Lead_Score__c", "Email"]);
    expect(response.headers.get("sforce-numberofrecords")).toBe(String(rows.length));
    found.push(...rows);
    locator = `&locator=${response.headers.get("sforce-locator")}`;
  } while (locator !== "&locator=null");
  const truth = await truthOf(sandbox, "Lead");
  const text = (value: unknown) => (value === null ? "" : String(value));
  expect(found.map(([id, description, at, , email]) => [id, description, at, email])).toEqual(
    truth.map((row) => [
      row.Id,
      text(row.Description),
      text(row.SystemModstamp).replace("+0000", "Z"),
      text(row.Email),
    ]),
  );
  expect(job.numberRecordsProcessed).toBe(truth.length);
});

test("a job's delimiter and line ending are as asked", async () => {
  const job = await createDone("SELECT Id, Name FROM User", {
    columnDelimiter: "PIPE",
    lineEnding: "CRLF",
  });
  const text = await (await session.get(`${DATA}/jobs/query/${job.id}/results`)).text();
  expect(text.split("\r\n")[0]).toBe('"Id"|"Name"');
});

test.each([
  ["SELECT Id, BillingAddress FROM Account", "FUNCTIONALITY_NOT_ENABLED"],
  ["SELECT Id, Body FROM Attachment", "FUNCTIONALITY_NOT_ENABLED"],
  ["SELECT COUNT() FROM Account", "API_ERROR"],
  ["SELECT Id, Nope FROM Account", "INVALID_FIELD"],
  ["SELECT", "MALFORMED_QUERY"],
])("%s is refused with %s", async (query, errorCode) => {
  const response = await create(query);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject([{ errorCode }]);
});

test("a job can be aborted, and only an ended one deleted", async () => {
  const { id } = (await (await create("SELECT Id FROM Account")).json()) as Job;
  const path = `${DATA}/jobs/query/${id}`;
  expect((await session.send("DELETE", path, {})).status).toBe(400);
  const aborted = await session.send("PATCH", path, { state: "Aborted" });
  expect(await aborted.json()).toMatchObject({ state: "Aborted" });
  expect((await session.send("DELETE", path, {})).status).toBe(204);
  expect((await session.get(path)).status).toBe(404);
});

test("results must be fetched with the job's own API version", async () => {
  const job = await createDone("SELECT Id FROM Account");
  expect((await session.get(`/services/data/v60.0/jobs/query/${job.id}/results`)).status).toBe(409);
});
