/** The client against a real server: every rule of retry, and that no secret gets out. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createLog, renderJson, type SingerError } from "@bizops/singer";
import { createHttpClient, type HttpClientOptions } from "../src/http-client.ts";
import { fixedCredentials, sessionCredentials } from "../src/index.ts";

const secret = "s3cr3t-Zm9v";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const json =
  (status: number, body: unknown, headers: { [name: string]: string } = {}): Answer =>
  (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
const ok = json(200, { ok: true });
const resetInBody: Answer = (response) => {
  response.writeHead(200, { "Content-Length": "1000" });
  response.write('{"half":', () => response.destroy());
};
const resetInGzip: Answer = (response) => {
  const whole = gzipSync(Buffer.alloc(5000, "[1,2,"));
  response.writeHead(200, { "Content-Encoding": "gzip", Connection: "close" });
  response.end(whole.subarray(0, whole.length - 12));
};
const resetBeforeAnswer: Answer = (response) => void response.socket?.destroy();
const silence: Answer = () => {};
const dripForever: Answer = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(timer));
};

let answers: Answer[] = [];
let seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
let bytes = Buffer.alloc(0);
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    bytes = Buffer.concat(chunks);
    const body = bytes.toString("utf8");
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    (answers.shift() ?? ok)(response, request);
  });
});
let baseUrl = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A client whose waits take no time, with what it waited and logged. */
function setUp(script: Answer[], more: Partial<HttpClientOptions> = {}) {
  answers = [...script];
  seen = [];
  const waits: number[] = [];
  const lines: string[] = [];
  const client = createHttpClient({
    baseUrl,
    maxRetries: 3,
    timeoutSeconds: 30,
    log: createLog({ LOGLEVEL: "debug" }, (line) => lines.push(line)),
    signal: new AbortController().signal,
    sleep: async (seconds) => void waits.push(seconds),
    random: () => 1,
    ...more,
  });
  const get = (extra = {}) =>
    client.request({ url: "/things/7", template: "/things/{id}", parse: "json", ...extra });
  return { client, get, waits, lines };
}
const failureOf = (promise: Promise<unknown>): Promise<SingerError> =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (error) => error,
  );

describe("reading", () => {
  test("[WIRE-4] numbers keep their digits", async () => {
    const { get } = setUp([json(200, '{"n":12345678901234567890,"m":0.10000000000000000555}')]);
    const { data } = await get();
    expect(renderJson(data)).toBe('{"n":12345678901234567890,"m":0.10000000000000000555}');
  });

  test("gzip is unpacked, text and none are given as asked, 204 is null", async () => {
    const gzip: Answer = (response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" });
      response.end(gzipSync("a,b\n1,2\n"));
    };
    const noContent: Answer = (response) => void response.writeHead(204).end();
    const { get } = setUp([gzip, json(200, "not json"), noContent]);
    expect((await get({ parse: "text" })).data).toBe("a,b\n1,2\n");
    expect((await get({ parse: "none" })).data).toBeUndefined();
    expect((await get()).data).toBeNull();
  });

  test("params are percent-encoded, bodies sent by their kind", async () => {
    const { get, client } = setUp([]);
    await get({ params: { q: "a+b >= 2020-01-01T00:00:00Z & c", none: undefined } });
    await client.request({
      method: "POST",
      url: "/a",
      template: "/a",
      body: { a: 1 },
      parse: "none",
    });
    const form = new URLSearchParams({ grant: "x y" });
    await client.request({ method: "POST", url: "/b", template: "/b", body: form, parse: "none" });
    expect(seen[0]!.url).toBe("/things/7?q=a%2Bb%20%3E%3D%202020-01-01T00%3A00%3A00Z%20%26%20c");
    expect(seen[1]).toMatchObject({
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    expect(seen[2]).toMatchObject({ body: "grant=x+y" });
    const zip = Buffer.from([0x50, 0x4b, 0xff, 0x00, 0xfe]);
    await client.request({ method: "POST", url: "/b", template: "/b", body: zip, parse: "none" });
    expect(bytes).toEqual(zip);
  });

  test("one metric a request, with the template and never the url", async () => {
    const { get, lines } = setUp([json(503, ""), ok]);
    await get();
    const metrics = lines.filter((line) => line.includes("METRIC"));
    expect(metrics.map((line) => JSON.parse(line.split("METRIC: ")[1]!).tags)).toEqual([
      { endpoint: "/things/{id}", http_status_code: 503, status: "failed" },
      { endpoint: "/things/{id}", http_status_code: 200, status: "succeeded" },
    ]);
  });
});

describe("retry", () => {
  test.each([
    ["429", json(429, "")],
    ["500", json(500, "")],
    ["502", json(502, "<html>")],
    ["503", json(503, "")],
    ["504", json(504, "")],
    ["ECONNRESET", resetInBody],
    ["Z_BUF_ERROR", resetInGzip],
    ["ECONNRESET", resetBeforeAnswer],
    ["broken JSON", json(200, '{"half":[1,2')],
    ["broken JSON", json(200, "")],
  ])("%s is tried again, with a warning", async (reason, answer) => {
    const { get, waits, lines } = setUp([answer, ok]);
    expect((await get()).data).toEqual({ ok: true });
    expect(waits).toEqual([1]);
    expect(lines.filter((line) => line.startsWith("WARNING"))).toEqual([
      `WARNING a request failed and is tried again url=/things/{id} reason=${reason} attempt=1 wait_seconds=1\n`,
    ]);
  });

  test.each([
    ["silence", silence],
    ["a body that drips without end", dripForever],
  ])("%s runs into the timeout and is tried again", async (_, answer) => {
    const { get, waits } = setUp([answer, ok], { timeoutSeconds: 0.2 });
    expect((await get()).data).toEqual({ ok: true });
    expect(waits).toHaveLength(1);
  });

  test("waits grow, then the failure is unavailable with status, template and request id", async () => {
    const broken = json(503, "", { "X-Request-Id": "abc-1" });
    const { get, waits } = setUp([broken, broken, broken, broken]);
    const error = await failureOf(get());
    expect(error).toMatchObject({
      code: "UNAVAILABLE",
      message: "GET /things/{id} answered 503 (request id abc-1)",
    });
    expect(waits).toEqual([1, 2, 4]);
  });

  test("JSON that stays broken is a broken contract", async () => {
    const half = json(200, "{");
    const error = await failureOf(setUp([half, half], { maxRetries: 1 }).get());
    expect(error).toMatchObject({ code: "CONTRACT" });
  });

  test("nobody listening is unavailable", async () => {
    const { get } = setUp([], { baseUrl: "http://127.0.0.1:1", maxRetries: 1 });
    expect(await failureOf(get())).toMatchObject({
      code: "UNAVAILABLE",
      message: "GET /things/{id} at 127.0.0.1:1: no answer (ECONNREFUSED)",
    });
  });

  test("Retry-After as seconds and as a date", async () => {
    const date = json(503, "", { "Retry-After": "Thu, 01 Jan 1970 00:00:30 GMT" });
    const { get, waits } = setUp([json(429, "", { "Retry-After": "17" }), date, ok], {
      now: () => 10_000,
    });
    await get();
    expect(waits).toEqual([17, 20]);
  });

  test("a POST is repeated after 429, and after 500 or a reset only if it is harmless", async () => {
    const post = { method: "POST", body: { a: 1 } } as const;
    expect((await setUp([json(429, ""), ok]).get(post)).status).toBe(200);
    expect(await failureOf(setUp([json(500, ""), ok]).get(post))).toMatchObject({ exitCode: 4 });
    expect(await failureOf(setUp([resetInBody, ok]).get(post))).toMatchObject({ exitCode: 4 });
    expect((await setUp([resetInBody, ok]).get({ ...post, idempotent: true })).status).toBe(200);
  });

  test.each([
    [400, "CONTRACT"],
    [403, "AUTH"],
    [404, "CONTRACT"],
    [501, "UNAVAILABLE"],
  ])("%i is not tried again", async (status, code) => {
    const { get } = setUp([json(status, "")]);
    expect(await failureOf(get())).toMatchObject({ code });
    expect(seen).toHaveLength(1);
  });

  test("the vendor's own reading comes first", async () => {
    const { get, waits } = setUp([json(200, { success: false }), ok], {
      classify: (response) =>
        (response.json() as { success?: boolean }).success === false
          ? { action: "retry", reason: "606" }
          : undefined,
    });
    expect((await get()).data).toEqual({ ok: true });
    expect(waits).toEqual([1]);
  });
});

describe("authentication", () => {
  const counting = () => {
    let logins = 0;
    const authenticator = sessionCredentials(async () => {
      logins += 1;
      return { baseUrl, headers: { Authorization: `Bearer ${logins}` } };
    });
    return { authenticator, logins: () => logins };
  };

  test("401 renews the session once and goes on", async () => {
    const { authenticator, logins } = counting();
    const { get } = setUp([ok, json(401, ""), ok], { authenticator });
    await get();
    await get();
    expect(logins()).toBe(2);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer 1",
      "Bearer 1",
      "Bearer 2",
    ]);
  });

  test("a second 401 is an authentication error", async () => {
    const { authenticator } = counting();
    const { get } = setUp([json(401, ""), json(401, ""), ok], { authenticator });
    expect(await failureOf(get())).toMatchObject({ exitCode: 3 });
  });

  test("requests at the same time share one login and one renewal", async () => {
    const { authenticator, logins } = counting();
    const { get } = setUp([json(401, ""), json(401, "")], { authenticator });
    await Promise.all([get(), get()]);
    expect(logins()).toBe(2);
  });

  test("fixed credentials have nothing to renew", async () => {
    const authenticator = fixedCredentials({ Authorization: "x" });
    const { get } = setUp([json(401, "")], { authenticator });
    expect(await failureOf(get())).toMatchObject({ exitCode: 3 });
    expect(seen).toHaveLength(1);
  });

  test("credentials go neither to another host nor after a redirect to one", async () => {
    const elsewhere = createServer((request, response) => {
      seen.push({ method: "", url: "elsewhere", headers: request.headers, body: "" });
      response.end("{}");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/x`;
    try {
      const authenticator = fixedCredentials({ "X-Session": secret });
      const { get } = setUp([json(302, "", { Location: url })], { authenticator });
      await get();
      await get({ url });
      expect(seen.map(({ headers }) => headers["x-session"])).toEqual([
        secret,
        undefined,
        undefined,
      ]);
    } finally {
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
  });
});

describe("limits", () => {
  test("the rate limit spaces requests, retries included", async () => {
    const { get, waits } = setUp([ok, json(503, ""), ok], {
      rateLimit: { requests: 1, perSeconds: 20 },
      now: () => 0,
    });
    await get();
    await get();
    expect(waits).toEqual([20, 1, 40]);
  });

  test("the quota ends the run before the allowance is exceeded", async () => {
    const { get } = setUp([json(200, {}, { Usage: "80/100" })], {
      quota: {
        read: ({ usage }) =>
          usage === undefined
            ? undefined
            : { used: Number(usage.split("/")[0]), limit: Number(usage.split("/")[1]) },
        percentTotal: 80,
        percentPerRun: 50,
      },
    });
    await get();
    expect(await failureOf(get())).toMatchObject({ exitCode: 6 });
    expect(seen).toHaveLength(1);
  });
});

describe("abort", () => {
  const reason = new Error("ended by SIGTERM");

  test("ends a wait at once, with the signal's reason", async () => {
    const abort = new AbortController();
    answers = [json(429, "", { "Retry-After": "600" })];
    const waiting = createHttpClient({
      baseUrl,
      maxRetries: 3,
      timeoutSeconds: 30,
      log: createLog({}, (line) => line.includes("tried again") && abort.abort(reason)),
      signal: abort.signal,
    });
    const get = waiting.request({ url: "/x", template: "/x", parse: "json" });
    expect(await failureOf(get)).toBe(reason);
  });

  test.each([
    ["before the answer", silence],
    ["within the body", dripForever],
  ])("ends a request %s", async (_, answer) => {
    const abort = new AbortController();
    const { get } = setUp(
      [
        (response, request) => {
          answer(response, request);
          setImmediate(() => abort.abort(reason));
        },
      ],
      { signal: abort.signal },
    );
    expect(await failureOf(get())).toBe(reason);
  });
});

describe("redaction", () => {
  const echo: (status: number) => Answer = (status) => (response, request) => {
    response.writeHead(status, { "X-Request-Id": `${request.url} ${secret}`.slice(0, 200) });
    response.end(`{"error":"${secret}"`);
  };
  test.each([
    ["500", echo(500)],
    ["400", echo(400)],
    ["401", echo(401)],
    ["403", echo(403)],
    ["429", echo(429)],
    ["broken JSON", echo(200)],
    ["reset in the body", resetInBody],
    ["reset", resetBeforeAnswer],
    ["timeout", silence],
    [
      "redirects without end",
      (response: ServerResponse) => {
        answers.push(...Array(9).fill(json(302, "", { Location: `/x?${secret}` })));
        json(302, "", { Location: `/x?${secret}` })(response, {} as never);
      },
    ],
    ["not http", (response: ServerResponse) => void response.socket?.end(`${secret}\r\n\r\n`)],
  ])("%s: the secret is in no line and no error", async (_, answer) => {
    const { client, lines } = setUp([answer, answer], {
      maxRetries: 1,
      timeoutSeconds: 0.2,
      authenticator: fixedCredentials({ Authorization: `Bearer ${secret}` }),
    });
    const error = await failureOf(
      client.request({
        method: "POST",
        idempotent: true,
        url: `/login/${secret}`,
        template: "/login/{token}",
        params: { token: secret },
        headers: { "X-Session": secret },
        body: { password: secret },
        parse: "json",
      }),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(lines.join("")).not.toContain(secret);
    for (let each: unknown = error; each !== undefined; each = (each as Error).cause) {
      const all = Object.getOwnPropertyNames(each).map((name) => (each as never)[name]);
      expect(JSON.stringify([String(each), ...all])).not.toContain(secret);
    }
  });

  test("a wrong address does not show either", async () => {
    const { client, lines } = setUp([]);
    const error = await failureOf(
      client.request({ url: `http://${secret}:x/`, template: "/", parse: "none" }),
    );
    expect(error).toMatchObject({ exitCode: 2 });
    expect([String(error), String(error.cause), error.stack, ...lines].join()).not.toContain(
      secret,
    );
  });
});
