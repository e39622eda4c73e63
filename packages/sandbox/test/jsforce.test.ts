/** A client that nobody here wrote accepts the sandbox: jsforce, by SOAP login, REST and Bulk API 2.0. */
import jsforce from "jsforce";
import { type Sandbox, startSandbox } from "../src/index.ts";
import { truthOf } from "./session.ts";

let sandbox: Sandbox;
let connection: InstanceType<typeof jsforce.Connection>;
beforeAll(async () => {
  sandbox = await startSandbox({ size: 15_000 });
  connection = new jsforce.Connection({ loginUrl: sandbox.url, version: "61.0" });
  const { username, password, securityToken } = sandbox.credentials;
  await connection.login(username, password + securityToken);
});
afterAll(() => sandbox.close());

test("describes", async () => {
  const { fields, keyPrefix } = await connection.sobject("Opportunity").describe();
  expect(keyPrefix).toBe("006");
  expect(fields.find((field) => field.name === "CloseDate")?.type).toBe("date");
  const { sobjects } = await connection.describeGlobal();
  expect(sobjects.map((each) => each.name)).toContain("Product_Usage__c");
});

test("queries over several pages", async () => {
  const { records } = await connection.query("SELECT Id, Status FROM CampaignMember", {
    autoFetch: true,
    maxFetch: 100_000,
    scanAll: true,
  });
  const truth = await truthOf(sandbox, "CampaignMember");
  expect(truth.length).toBeGreaterThan(2000);
  expect(records.map((row) => row.Id)).toEqual(truth.map((row) => row.Id));
});

test("runs a bulk query, awkward text and all", async () => {
  connection.bulk2.pollInterval = 5;
  const stream = await connection.bulk2.query("SELECT Id, Description FROM Lead", {
    scanAll: true,
  });
  const records = (await stream.toArray()) as { Id: string; Description: string | null }[];
  const truth = await truthOf(sandbox, "Lead");
  const text = (value: unknown) => (value === null ? "" : String(value));
  expect(records.map((row) => [row.Id, text(row.Description)])).toEqual(
    truth.map((row) => [row.Id, text(row.Description)]),
  );
});

test("runs a query by Bulk API 1.0", async () => {
  connection.bulk.pollInterval = 5;
  const stream = await connection.bulk.query("SELECT Id, Description FROM Lead");
  const records = (await stream.toArray()) as { Id: string; Description: string | null }[];
  const truth = (await truthOf(sandbox, "Lead")).filter(({ IsDeleted }) => IsDeleted === false);
  const text = (value: unknown) => (value === null ? "" : String(value));
  expect(records.map((row) => [row.Id, text(row.Description)])).toEqual(
    truth.map((row) => [row.Id, text(row.Description)]),
  );
});

test("sees the vendor's error codes", async () => {
  await expect(connection.query("SELECT Nope FROM Account")).rejects.toMatchObject({
    errorCode: "INVALID_FIELD",
  });
  const stranger = new jsforce.Connection({ loginUrl: sandbox.url });
  await expect(stranger.login("demo@bizops.example", "wrong")).rejects.toThrow("INVALID_LOGIN");
});
