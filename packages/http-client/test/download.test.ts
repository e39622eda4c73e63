/** Answers into files, against a real server that breaks off, packs, refuses and answers in JSON. */

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { createLog, QuotaError } from "@bizops/singer";
import { type Classify, createHttpClient, type DownloadRequest } from "../src/index.ts";

const content = "id,name\n".concat(...Array.from({ length: 50_000 }, (_, n) => `${n},row ${n}\n`));

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
let answers: Answer[] = [];
let asked: IncomingMessage["headers"][] = [];
const server = createServer((request, response) => {
  asked.push(request.headers);
  (answers.shift() ?? whole)(response, request);
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

const csv = { "Content-Type": "text/csv" };
const whole: Answer = (response) => void response.writeHead(200, csv).end(content);
const packed: Answer = (response) =>
  void response.writeHead(200, { ...csv, "Content-Encoding": "gzip" }).end(gzipSync(content));
const rest: Answer = (response, { headers }) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? Number.NaN);
  response.writeHead(206, csv).end(content.slice(from));
};
const brokenAt =
  (bytes: number): Answer =>
  (response) => {
    response.writeHead(200, { ...csv, "Content-Length": String(content.length) });
    response.write(content.slice(0, bytes), () => response.destroy());
  };
const json =
  (body: object): Answer =>
  (response) =>
    void response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));

async function download(script: Answer[], more: Partial<DownloadRequest> = {}) {
  answers = [...script];
  asked = [];
  const classify: Classify = (response) => {
    const body = response.json() as { success?: boolean; code?: string } | undefined;
    return body?.success === false ? new QuotaError(`spent (${body.code})`) : undefined;
  };
  const client = createHttpClient({
    baseUrl,
    maxRetries: 2,
    timeoutSeconds: 30,
    classify,
    log: createLog({}, () => {}),
    signal: new AbortController().signal,
    sleep: async () => {},
  });
  return client.download({ url: "/file", template: "/file", ...more });
}

test("a file arrives whole, packed or not, and can be read more than once", async () => {
  for (const answer of [whole, packed]) {
    const file = await download([answer]);
    expect(file.size).toBe(content.length);
    expect(await file.sha256()).toBe(createHash("sha256").update(content).digest("hex"));
    expect(await text(file.open())).toBe(content);
    await file.close();
  }
});

test("one that breaks off starts anew, and what had come is forgotten", async () => {
  const file = await download([brokenAt(70_000), packed]);
  expect(await text(file.open())).toBe(content);
  expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
  await file.close();
});

test("where the source gives parts it goes on where it stopped", async () => {
  const file = await download([brokenAt(70_000), rest], { ranged: true });
  expect(await text(file.open())).toBe(content);
  expect(asked[1]!.range).toMatch(/^bytes=[1-9]\d*-$/);
  await file.close();
});

test("a source that ignores the range and sends all of it does no harm", async () => {
  const file = await download([brokenAt(70_000), whole], { ranged: true });
  expect(await text(file.open())).toBe(content);
  await file.close();
});

test("a failure in JSON under a good status is the vendor's to word; good JSON is a file too", async () => {
  await expect(download([json({ success: false, code: "1029" })])).rejects.toThrow("spent (1029)");
  const file = await download([json({ rows: [] })]);
  expect(await text(file.open())).toBe('{"rows":[]}');
  await file.close();
});

test("broken off again and again: exit 4, naming the address without its values", async () => {
  const failing = download([brokenAt(10), brokenAt(10), brokenAt(10)]);
  await expect(failing).rejects.toMatchObject({ exitCode: 4 });
  await expect(failing).rejects.toThrow(/GET \/file/);
});
