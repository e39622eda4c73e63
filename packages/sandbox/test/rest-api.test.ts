/** The REST API over HTTP: logging in, describing, querying, and the vendor's refusals. */
import { request } from "node:http";
import { type Sandbox, startSandbox } from "../src/index.ts";
import { control, DATA, logIn, requestToken, type Session, truthOf } from "./session.ts";

let sandbox: Sandbox;
let session: Session;
beforeAll(async () => {
  sandbox = await startSandbox({ size: 12_000 });
  session = await logIn(sandbox);
});
afterAll(() => sandbox.close());

interface Page {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: Record<string, unknown>[];
}

async function allRows(soql: string, headers = {}): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  let path: string | undefined = `${DATA}/queryAll?q=${encodeURIComponent(soql)}`;
  while (path) {
    const page = (await (await session.get(path, headers)).json()) as Page;
    records.push(...page.records);
    expect(page.done).toBe(page.nextRecordsUrl === undefined);
    path = page.nextRecordsUrl;
  }
  return records;
}

async function errorOf(response: Response) {
  const [error] = (await response.json()) as { errorCode: string; message: string }[];
  return { status: response.status, ...error! };
}

describe("logging in", () => {
  test("the grants of programs work", async () => {
    const { username, password, securityToken, refreshToken } = sandbox.credentials;
    const byPassword = { grant_type: "password", username, password: password + securityToken };
    for (const form of [byPassword, { grant_type: "refresh_token", refresh_token: refreshToken }]) {
      const { status, answer } = await requestToken(sandbox, form);
      expect(status).toBe(200);
      expect(answer).toMatchObject({ token_type: "Bearer", instance_url: sandbox.url });
    }
  });

  test.each([
    [{ grant_type: "client_credentials", client_id: "x" }, "invalid_client_id"],
    [{ grant_type: "client_credentials", client_secret: "x" }, "invalid_client"],
    [{ grant_type: "refresh_token", refresh_token: "x" }, "invalid_grant"],
    [{ grant_type: "password", username: "x", password: "y" }, "invalid_grant"],
    [{ grant_type: "device" }, "unsupported_grant_type"],
  ])("%j is %s", async (form, error) => {
    expect(await requestToken(sandbox, form)).toMatchObject({ status: 400, answer: { error } });
  });

  const soapLogin = (password: string, version = "61.0") =>
    fetch(`${sandbox.url}/services/Soap/u/${version}`, {
      method: "POST",
      headers: { "content-type": "text/xml", soapaction: "login" },
      body: `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>demo&#64;bizops.example</n1:username><n1:password>${password}</n1:password></n1:login></env:Body></env:Envelope>`,
    });

  test("a SOAP login's session works, entities and all", async () => {
    const text = await (await soapLogin("demo&#x2d;passworddemo-token")).text();
    const token = /<sessionId>(.+?)<\/sessionId>/.exec(text)![1]!;
    const headers = { authorization: `OAuth ${token}` };
    expect((await fetch(`${sandbox.url}${DATA}/limits`, { headers })).status).toBe(200);
  });

  test("a SOAP login without the security token is a fault with HTTP 500", async () => {
    const response = await soapLogin("demo-password");
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("<faultcode>INVALID_LOGIN</faultcode>");
  });

  test("a call without a session is refused", async () => {
    const response = await fetch(`${sandbox.url}${DATA}/limits`);
    expect(await errorOf(response)).toMatchObject({ status: 401, errorCode: "INVALID_SESSION_ID" });
  });

  test("the list of versions needs no session", async () => {
    const versions = (await (await fetch(`${sandbox.url}/services/data`)).json()) as {
      version: string;
    }[];
    expect(versions.map((each) => each.version)).toContain("61.0");
  });
});

describe("describing", () => {
  test("lists the objects and says which cannot be queried", async () => {
    const { sobjects } = (await (await session.get(`${DATA}/sobjects`)).json()) as {
      sobjects: { name: string; queryable: boolean }[];
    };
    const queryable = Object.fromEntries(sobjects.map((each) => [each.name, each.queryable]));
    expect(queryable).toMatchObject({
      Opportunity: true,
      Product_Usage__c: true,
      AccountChangeEvent: false,
    });
  });

  test("describes fields in the vendor's terms", async () => {
    const { fields } = (await (
      await session.get(`${DATA}/sobjects/Opportunity/describe`)
    ).json()) as {
      fields: { name: string }[];
    };
    const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
    expect(byName.IACV__c).toMatchObject({
      type: "currency",
      custom: true,
      precision: 18,
      scale: 4,
      nillable: true,
    });
    expect(byName.Sales_Accepted_Date__c).toMatchObject({ type: "date", soapType: "xsd:date" });
    expect(byName.Opportunity_Source__c).toMatchObject({
      type: "picklist",
      picklistValues: expect.arrayContaining([expect.objectContaining({ value: "SDR Generated" })]),
    });
    expect(byName.AccountId).toMatchObject({ type: "reference", referenceTo: ["Account"] });
  });

  test("answers 304 to who knows it already", async () => {
    const path = `${DATA}/sobjects/Account/describe`;
    const modified = (await session.get(path)).headers.get("last-modified")!;
    expect((await session.get(path, { "if-modified-since": modified })).status).toBe(304);
    const long = { "if-modified-since": new Date(0).toUTCString() };
    expect((await session.get(path, long)).status).toBe(200);
  });

  test("a batch holds at most 25 requests and each has its own status", async () => {
    const requests = ["Account", "Nothing"].map((name) => ({
      method: "GET",
      url: `v61.0/sobjects/${name}/describe`,
    }));
    const good = await session.send("POST", `${DATA}/composite/batch`, { batchRequests: requests });
    expect(await good.json()).toMatchObject({
      hasErrors: true,
      results: [
        { statusCode: 200, result: { name: "Account" } },
        { statusCode: 404, result: [{ errorCode: "NOT_FOUND" }] },
      ],
    });
    const many = Array(26).fill(requests[0]);
    const refused = await session.send("POST", `${DATA}/composite/batch`, { batchRequests: many });
    expect(await errorOf(refused)).toMatchObject({ status: 400, errorCode: "LIMIT_EXCEEDED" });
  });
});

describe("querying", () => {
  test.each([
    "Opportunity",
    "Lead",
    "CampaignMember",
    "Product_Usage__c",
    "User",
    "OpportunityFieldHistory",
  ])("queryAll of %s in pages is the truth", async (object) => {
    const truth = await truthOf(sandbox, object);
    const fields = Object.keys(truth[0]!).filter((name) => name !== "attributes");
    const rows = await allRows(`SELECT ${fields.join(", ")} FROM ${object}`, {
      "sforce-query-options": "batchSize=200",
    });
    expect(rows).toEqual(truth);
  });

  test("query hides deleted and archived rows", async () => {
    for (const [object, hidden] of [
      ["Opportunity", "IsDeleted"],
      ["Task", "IsArchived"],
    ] as const) {
      const truth = await truthOf(sandbox, object);
      const count = async (resource: "query" | "queryAll") => {
        const response = await session.query(`SELECT COUNT() FROM ${object}`, resource);
        return ((await response.json()) as Page).totalSize;
      };
      const gone = truth.filter((row) => row.IsDeleted || row[hidden]).length;
      expect(gone).toBeGreaterThan(0);
      expect(await count("queryAll")).toBe(truth.length);
      expect(await count("query")).toBe(truth.length - gone);
    }
  });

  test("a window of time gives what the truth has in it, in order", async () => {
    const from = "2026-03-01T00:00:00.000+0000";
    const until = "2026-05-01T00:00:00.000+0000";
    const truth = (await truthOf(sandbox, "Lead"))
      .filter((row) => String(row.SystemModstamp) >= from && String(row.SystemModstamp) < until)
      .map((row) => [row.SystemModstamp, row.Id])
      .sort();
    const rows = await allRows(
      "SELECT Id, SystemModstamp FROM Lead WHERE SystemModstamp >= 2026-03-01T00:00:00Z AND SystemModstamp < 2026-05-01T02:00:00+02:00 ORDER BY SystemModstamp ASC, Id ASC",
    );
    expect(rows.map((row) => [row.SystemModstamp, row.Id])).toEqual(truth);
    expect(truth.length).toBeGreaterThan(5);
  });

  test("conditions of every kind agree with the truth", async () => {
    const truth = await truthOf(sandbox, "Opportunity");
    const cases: [string, (row: Record<string, unknown>) => boolean][] = [
      [
        "IsWon = true AND (IACV__c = null OR IACV__c > 40000)",
        (r) => r.IsWon === true && (r.IACV__c === null || Number(r.IACV__c) > 40_000),
      ],
      [
        "Opportunity_Source__c IN ('sdr generated', 'Partner')",
        (r) => ["SDR Generated", "Partner"].includes(r.Opportunity_Source__c as string),
      ],
      [
        "Opportunity_Source__c NOT IN ('SDR Generated')",
        (r) => r.Opportunity_Source__c !== "SDR Generated",
      ],
      ["StageName LIKE '%closed%'", (r) => String(r.StageName).includes("Closed")],
      [
        "CloseDate < 2025-01-01 AND NOT StageName = '8-Closed Won'",
        (r) => String(r.CloseDate) < "2025-01-01" && r.StageName !== "8-Closed Won",
      ],
      [
        `AccountId = '${String(truth[0]!.AccountId).slice(0, 15)}'`,
        (r) => r.AccountId === truth[0]!.AccountId,
      ],
      ["Type != 'Renewal'", (r) => r.Type !== "Renewal"],
    ];
    for (const [where, wanted] of cases) {
      const rows = await allRows(`SELECT Id FROM Opportunity WHERE ${where}`);
      expect(rows.map((row) => row.Id)).toEqual(truth.filter(wanted).map((row) => row.Id));
    }
  });

  test("orders with nulls where asked, and limits after ordering", async () => {
    const first = await allRows("SELECT IACV__c FROM Opportunity ORDER BY IACV__c DESC LIMIT 3");
    expect(first.map((row) => row.IACV__c)).toEqual([null, null, null]);
    const last = await allRows(
      "SELECT IACV__c FROM Opportunity ORDER BY IACV__c DESC NULLS LAST LIMIT 3",
    );
    const best = (await truthOf(sandbox, "Opportunity"))
      .map((row) => Number(row.IACV__c))
      .sort((a, b) => b - a);
    expect(last.map((row) => row.IACV__c)).toEqual(best.slice(0, 3));
  });

  test("numbers keep their digits, dates their form, binary content its path", async () => {
    const usage = await (
      await session.query(
        "SELECT Meter_Reading__c, CreatedDate, Period_Start__c FROM Product_Usage__c LIMIT 1",
      )
    ).text();
    expect(usage).toContain('"Meter_Reading__c":12345678901234.5678,');
    expect(usage).toMatch(/"CreatedDate":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000"/);
    expect(usage).toContain('"Period_Start__c":"2024-01-01"');
    const [file] = await allRows("SELECT Id, Body, BodyLength FROM Attachment LIMIT 1");
    const content = await (await session.get(String(file!.Body))).text();
    expect(Buffer.byteLength(content)).toBe(file!.BodyLength);
  });

  test.each([
    ["SELECT Id, Nope__c FROM Account", "INVALID_FIELD", "Nope__c"],
    [
      "SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
      "INVALID_FIELD",
      "should not be enclosed in quotes",
    ],
    ["SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"],
    ["SELECT Id FROM Account ORDER BY Description", "INVALID_FIELD", "can not be sorted"],
    ["SELECT Id FROM Account WHERE IsDeleted = 'false'", "INVALID_FIELD", "boolean"],
    ["SELECT Id FROM User WHERE IsDeleted = false", "INVALID_FIELD", "IsDeleted"],
    ["SELECT SystemModstamp FROM OpportunityFieldHistory", "INVALID_FIELD", "SystemModstamp"],
    ["SELECT Id FROM Nothing", "INVALID_TYPE", "Nothing"],
    ["SELECT ReplayId FROM AccountChangeEvent", "INVALID_TYPE", "AccountChangeEvent"],
    ["SELECT Id FROM ContentDocumentLink", "MALFORMED_QUERY", "Implementation restriction"],
    ["SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field"],
    ["SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token"],
  ])("%s is %s (%s)", async (soql, errorCode, words) => {
    const error = await errorOf(await session.query(soql));
    expect(error).toMatchObject({ status: 400, errorCode });
    expect(error.message).toContain(words);
  });

  test("an unescaped plus makes a date-time malformed, as with the vendor", async () => {
    const soql = "SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01T00:00:00+00:00";
    const response = await session.get(
      `${DATA}/query?q=${encodeURIComponent(soql).replaceAll("%2B", "+")}`,
    );
    expect(await errorOf(response)).toMatchObject({ status: 400, errorCode: "MALFORMED_QUERY" });
  });

  test("unknown locators, paths, versions and methods are refused", async () => {
    expect(await errorOf(await session.get(`${DATA}/query/01g5e0000000009AAA-2000`))).toMatchObject(
      {
        status: 400,
        errorCode: "INVALID_QUERY_LOCATOR",
      },
    );
    for (const path of [
      `${DATA}/nothing`,
      "/services/data/v12.0/limits",
      "/services/data/v61/limits",
      `${DATA}/sobjects/Nope/describe`,
    ]) {
      expect(await errorOf(await session.get(path))).toMatchObject({
        status: 404,
        errorCode: "NOT_FOUND",
      });
    }
    expect((await session.send("DELETE", `${DATA}/limits`, {})).status).toBe(405);
  });

  test("a head beyond 16,384 bytes is refused", async () => {
    const names = "A".repeat(17_000);
    const status = await new Promise((resolve, reject) => {
      const call = request(`${sandbox.url}${DATA}/query?q=${names}`, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject).end();
    });
    expect([414, 431]).toContain(status);
  });
});

test("a cursor opened before the clock moved goes on in the world it was opened in", async () => {
  const own = await startSandbox({ size: 12_000 });
  try {
    const client = await logIn(own);
    const options = { "sforce-query-options": "batchSize=500" };
    const soql = encodeURIComponent("SELECT Id FROM CampaignMember");
    const first = (await (await client.get(`${DATA}/query?q=${soql}`, options)).json()) as Page;
    await control(own, "POST", "/advance", { steps: 5 });
    const ids = first.records.map((row) => row.Id);
    for (let next = first.nextRecordsUrl; next; ) {
      const page = (await (await client.get(next)).json()) as Page;
      ids.push(...page.records.map((row) => row.Id));
      next = page.nextRecordsUrl;
    }
    expect(new Set(ids).size).toBe(first.totalSize);
  } finally {
    await own.close();
  }
});
