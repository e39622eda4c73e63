/** The sandbox's own controls: the clock, the truth, counting, faults, sessions and limits. */
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { type Sandbox, type SandboxOptions, startSandbox } from "../src/index.ts";
import { control, DATA, logIn, requestToken, truthOf } from "./session.ts";

let sandbox: Sandbox;
const open = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  sandbox = await startSandbox({ size: 1000, ...options });
  return sandbox;
};
afterEach(() => sandbox.close());

const COUNT = "SELECT COUNT() FROM Account";

test("says what is in it", async () => {
  await open({ step: 2 });
  const overview = await (await control(sandbox, "GET", "")).json();
  expect(overview).toMatchObject({
    step: 2,
    now: "2026-07-02T00:00:00.000Z",
    counts: { salesforce: { User: 8 } },
    urls: { salesforce: sandbox.url },
    credentials: { salesforce: { username: "demo@bizops.example" } },
  });
});

test("advancing shows an incremental reader exactly what changed", async () => {
  await open();
  const before = await truthOf(sandbox, "Opportunity");
  const moved = await (await control(sandbox, "POST", "/advance", { steps: 1 })).json();
  expect(moved).toEqual({ step: 1, now: "2026-07-01T00:00:00.000Z" });
  const after = await truthOf(sandbox, "Opportunity");
  const old = new Map(before.map((row) => [row.Id, JSON.stringify(row)]));
  const changed = after.filter((row) => old.get(row.Id) !== JSON.stringify(row));
  const session = await logIn(sandbox);
  const response = await session.query(
    "SELECT Id FROM Opportunity WHERE SystemModstamp >= 2026-06-30T00:00:00Z ORDER BY Id",
    "queryAll",
  );
  const { records } = (await response.json()) as { records: { Id: string }[] };
  expect(records.map((row) => row.Id)).toEqual(changed.map((row) => row.Id));
  expect(changed.some((row) => row.IsDeleted)).toBe(true);
  expect(changed.some((row) => !old.has(row.Id))).toBe(true);
  expect(sandbox.world.step).toBe(1);
});

test("a sandbox started at a step is the one advanced to it", async () => {
  await open();
  await control(sandbox, "POST", "/advance", { steps: 2 });
  await control(sandbox, "POST", "/advance");
  const advanced = await truthOf(sandbox, "Lead");
  await sandbox.close();
  await open({ step: 3 });
  expect(await truthOf(sandbox, "Lead")).toEqual(advanced);
});

test("refuses steps that are none", async () => {
  await open();
  const response = await control(sandbox, "POST", "/advance", { steps: -1 });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: expect.stringContaining("steps") });
});

test("counts calls by their template", async () => {
  await open();
  const session = await logIn(sandbox);
  await session.query(COUNT);
  await session.query(COUNT, "queryAll");
  await session.query(COUNT, "queryAll");
  expect(await (await control(sandbox, "GET", "/requests")).json()).toEqual({
    "POST /services/oauth2/token": 1,
    "GET /services/data/{version}/query": 1,
    "GET /services/data/{version}/queryAll": 2,
  });
});

test("the daily limit is reported and enforced", async () => {
  await open({ apiLimit: 2 });
  const session = await logIn(sandbox);
  expect((await session.query(COUNT)).headers.get("sforce-limit-info")).toBe("api-usage=1/2");
  await session.query(COUNT);
  const third = await session.query(COUNT);
  expect(third.status).toBe(403);
  expect(await third.json()).toMatchObject([{ errorCode: "REQUEST_LIMIT_EXCEEDED" }]);
});

test("sessions end when told and by themselves", async () => {
  await open();
  const session = await logIn(sandbox);
  await control(sandbox, "POST", "/expire-sessions");
  expect((await session.query(COUNT)).status).toBe(401);
  await sandbox.close();
  await open({ sessionSeconds: 0 });
  expect((await (await logIn(sandbox)).query(COUNT)).status).toBe(401);
});

test("a rotating refresh token works once", async () => {
  await open({ rotateRefreshTokens: true });
  const form = { grant_type: "refresh_token", refresh_token: sandbox.credentials.refreshToken };
  const first = await requestToken(sandbox, form);
  expect(first.answer.refresh_token).not.toBe(form.refresh_token);
  expect((await requestToken(sandbox, form)).status).toBe(400);
  const next = { ...form, refresh_token: first.answer.refresh_token! };
  expect((await requestToken(sandbox, next)).status).toBe(200);
});

describe("faults", () => {
  const arm = async (fault: object) => {
    expect((await control(sandbox, "POST", "/faults", [fault])).status).toBe(204);
  };
  const match = { path: "/query" };

  test("a status with headers, as often as told", async () => {
    await open();
    const session = await logIn(sandbox);
    await arm({ match, kind: "status", status: 503, headers: { "Retry-After": "7" }, times: 1 });
    const struck = await session.query(COUNT);
    expect([struck.status, struck.headers.get("retry-after")]).toEqual([503, "7"]);
    expect((await session.query(COUNT)).status).toBe(200);
  });

  test("a reset before and within the answer", async () => {
    await open();
    const session = await logIn(sandbox);
    await arm({ match, kind: "reset" });
    await expect(session.query(COUNT)).rejects.toThrow();
    await arm({ match, kind: "reset-mid-body", afterBytes: 20 });
    await expect(session.query(COUNT).then((response) => response.text())).rejects.toThrow();
    expect((await session.query(COUNT)).status).toBe(200);
  });

  test("a silent truncation", async () => {
    await open();
    const session = await logIn(sandbox);
    await arm({ match, kind: "truncate", afterBytes: 20 });
    expect(await (await session.query("SELECT Id FROM Account")).text()).toHaveLength(20);
  });

  test("an expired session, a spent quota, a late answer", async () => {
    await open();
    const session = await logIn(sandbox);
    await arm({ match, kind: "quota" });
    expect((await session.query(COUNT)).status).toBe(403);
    await arm({ match, kind: "slow", delayMs: 30 });
    expect((await session.query(COUNT)).status).toBe(200);
    await arm({ match, kind: "expire-session" });
    expect((await session.query(COUNT)).status).toBe(401);
    expect((await session.query(COUNT)).status).toBe(401);
  });

  test("can be called off, and wrong ones are refused", async () => {
    await open();
    const session = await logIn(sandbox);
    await arm({ match, kind: "reset", times: 5 });
    await control(sandbox, "DELETE", "/faults");
    expect((await session.query(COUNT)).status).toBe(200);
    expect((await control(sandbox, "POST", "/faults", { kind: "quake" })).status).toBe(400);
  });
});

test("packs answers for who takes gzip, and for nobody else", async () => {
  await open();
  const { token } = await logIn(sandbox);
  const read = (headers: Record<string, string>) =>
    new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      const options = { headers: { authorization: `Bearer ${token}`, ...headers } };
      const call = request(`${sandbox.url}${DATA}/sobjects`, options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ encoding: response.headers["content-encoding"], body: Buffer.concat(chunks) });
      });
      call.on("error", reject).end();
    });
  const plain = await read({});
  const packed = await read({ "accept-encoding": "gzip" });
  expect([plain.encoding, packed.encoding]).toEqual([undefined, "gzip"]);
  expect(gunzipSync(packed.body)).toEqual(plain.body);
});
