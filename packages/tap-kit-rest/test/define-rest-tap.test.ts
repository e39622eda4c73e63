/** The fictional tap against a server of its own: pages, increments, children, and what goes wrong. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import {
  createLog,
  createMessageWriter,
  type JsonValue,
  type ProgramContext,
  type Row,
  type State,
} from "@bizops/singer";
import { runTap } from "@bizops/tap-kit";
import { defineRestTap, linkPages, noPages, offsetPages } from "../src/index.ts";
import { tap } from "./fictional-shop.ts";

const day = (number: number) => Date.UTC(2024, 0, number);
let orders: { id: string; updated: number; email: string }[];
let asked: string[];
/** Given a URL, an answer in the place of the server's own. */
let interfere: (url: URL) => { status: number; body: string } | undefined;

beforeEach(() => {
  orders = [1, 2, 3].map((n) => ({ id: `o/${n}`, updated: day(n), email: `p${n}@x.example` }));
  asked = [];
  interfere = () => undefined;
});

const pageOf = <T>(rows: T[], page: number, size: number) =>
  rows.slice(page * size, page * size + size);

function answer(url: URL): JsonValue {
  const { pathname, searchParams } = url;
  const [, order] = /^\/orders\/(.+)\/lines$/.exec(pathname) ?? [];
  const [, product] = /^\/products\/(.+)\/reviews$/.exec(pathname) ?? [];
  if (order) return { data: [{ id: `${decodeURIComponent(order)}-a`, price: 1.5 }] };
  if (product === "p2") return { data: null };
  if (product) return { data: [{ id: `${product}-r`, stars: 5 }] };
  switch (pathname) {
    case "/orders": {
      const since = Number(searchParams.get("since") ?? 0);
      const from = Number(searchParams.get("cursor") ?? 0);
      const found = orders.filter(({ updated }) => updated >= since);
      return {
        data: pageOf(found, from, 2),
        meta: { next: found.length > (from + 1) * 2 ? from + 1 : null },
      };
    }
    case "/products": {
      const products = ["p1", "p2", "p3"].map((id) => ({ id, name: id }));
      return { data: pageOf(products, Number(searchParams.get("page")) - 1, 2) };
    }
    case "/stores":
      return { data: [{ id: searchParams.get("region")!, name: " Main ", secret: "undeclared" }] };
    default:
      return { data: [3, 1, 2].map((n) => ({ id: `e${n}`, at: new Date(day(n)).toISOString() })) };
  }
}

const server = createServer((request: IncomingMessage, response) => {
  const url = new URL(request.url!, "http://x");
  asked.push(request.url!);
  const own =
    request.headers.authorization === "Bearer key" ? undefined : { status: 401, body: "" };
  const { status, body } = own ??
    interfere(url) ?? { status: 200, body: JSON.stringify(answer(url)) };
  response.writeHead(status, { "Retry-After": "0.001" }).end(body);
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

/** Runs the tap in this process; settings come by the environment, a state by reading it from a stream. */
async function sync(streams: string[], bookmarks: State["bookmarks"] = {}) {
  const rows = new Map<string, Row[]>(streams.map((name) => [name, []]));
  const state: { [stream: string]: unknown } = { ...bookmarks };
  const source = await tap.connect({
    settings: {
      base_url: baseUrl,
      api_key: "key",
      region: "eu",
      max_retries: 2,
      request_timeout: 30,
    },
    log: createLog({}, () => {}),
    signal: new AbortController().signal,
  });
  for (const stream of await source.discover("all")) {
    if (!rows.has(stream.name)) continue;
    const bookmark = bookmarks[stream.name];
    const pages = stream.read({
      fields: Object.keys(stream.schema.properties!),
      replication: stream.replication,
      ...(bookmark && { bookmark }),
      signal: new AbortController().signal,
      log: createLog({}, () => {}),
    });
    for await (const page of pages) {
      rows.get(stream.name)!.push(...page.records);
      if (page.bookmark) state[stream.name] = page.bookmark;
    }
  }
  return { rows, state: state as State["bookmarks"] };
}
const idsOf = (rows: readonly Row[] | undefined) => rows?.map(({ id }) => id);

describe("a REST tap of six streams", () => {
  test("as a program: records, states, pseudonyms, nothing undeclared", async () => {
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on("data", (chunk) => chunks.push(chunk));
    const stdout = createMessageWriter(output);
    const environment = {
      TAP_SHOP_BASE_URL: baseUrl,
      TAP_SHOP_API_KEY: "key",
      BIZOPS_PSEUDONYM_KEY: "k",
    };
    const signal = new AbortController().signal;
    const log = createLog({}, () => {});
    await runTap(tap, { argv: [], environment, stdout, log, signal } as unknown as ProgramContext);
    await stdout.flush();
    const text = Buffer.concat(chunks).toString();
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const counted = (type: string, stream: string) =>
      lines.filter((line) => line.type === type && line.stream === stream).length;
    expect(
      ["orders", "lines", "products", "reviews", "stores", "events"].map((stream) =>
        counted("RECORD", stream),
      ),
    ).toEqual([3, 3, 3, 2, 1, 3]);
    expect(counted("ACTIVATE_VERSION", "products")).toBe(1);
    expect(text).not.toMatch(/@x\.example|undeclared/);
    expect(lines.at(-1).value.bookmarks).toMatchObject({
      orders: { updated: "2024-01-03T00:00:00.000Z" },
      lines: { order_updated: "2024-01-03T00:00:00.000Z" },
      events: { at: "2024-01-03T00:00:00.000Z" },
    });
  });

  test("a second run asks from the bookmark, children of changed parents follow", async () => {
    const first = await sync(["orders", "lines", "events"]);
    orders[0]!.updated = day(9);
    orders.sort((a, b) => a.updated - b.updated);
    asked = [];
    const { rows, state } = await sync(["orders", "lines", "events"], first.state);
    expect(idsOf(rows.get("orders"))).toEqual(["o/3", "o/1"]);
    expect(rows.get("lines")).toEqual([
      { id: "o/3-a", price: 1.5, order_id: "o/3", order_updated: day(3) },
      { id: "o/1-a", price: 1.5, order_id: "o/1", order_updated: day(9) },
    ]);
    expect(idsOf(rows.get("events"))).toEqual(["e3"]);
    expect(asked).toContain(`/orders?region=eu&since=${day(3)}`);
    expect(asked).toContain("/orders/o%2F1/lines?region=eu");
    expect(state.orders).toEqual({ updated: "2024-01-09T00:00:00.000Z" });
  });

  test("429 and a body that broke off are tried again", async () => {
    const troubles = [
      { status: 429, body: "" },
      { status: 200, body: '{"data":[{"id"' },
    ];
    interfere = () => troubles.shift();
    const { rows } = await sync(["products"]);
    expect(idsOf(rows.get("products"))).toEqual(["p1", "p2", "p3"]);
  });

  test.each([
    [
      "no list where one should be",
      '{"data":{"id":1}}',
      /\/stores: the answer has no list at data/,
    ],
    ["no such path", "[]", /no list at data/],
    ["never JSON", "<html>", /not JSON/],
  ])("%s is a broken contract", async (_, body, text) => {
    interfere = () => ({ status: 200, body });
    await expect(sync(["stores"])).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(text),
    });
  });

  test("a cursor that stands still is a broken contract, not an endless run", async () => {
    interfere = () => ({ status: 200, body: '{"data":[],"meta":{"next":"same"}}' });
    await expect(sync(["orders"])).rejects.toMatchObject({ exitCode: 5 });
  });
});

describe("pages", () => {
  const at = (data: JsonValue, count: number, headers = {}) => ({ data, count, headers });

  test("offsets", () => {
    const pages = offsetPages({ into: "offset", sizeInto: "limit", size: 2 });
    const second = pages.next(at([], 2), pages.first)!;
    expect([pages.first, second]).toEqual([
      { params: { limit: 2, offset: 0 } },
      { params: { limit: 2, offset: 2 } },
    ]);
    expect(pages.next(at([], 1), second)).toBeUndefined();
  });

  test("links, in the body or in the header", () => {
    const body = linkPages({ nextFrom: "links.next" });
    expect(body.next(at({ links: { next: "/b" } }, 1), {})).toEqual({ url: "/b" });
    expect(body.next(at({ links: { next: null } }, 1), {})).toBeUndefined();
    const link = '<https://x.example/a>; rel="prev", <https://x.example/c>; rel="next"';
    expect(linkPages().next(at([], 1, { link }), {})).toEqual({ url: "https://x.example/c" });
    expect(linkPages().next(at([], 1), {})).toBeUndefined();
  });

  test("none", () => {
    expect(noPages.next(at([], 1), noPages.first)).toBeUndefined();
  });
});

describe("a definition that contradicts itself is refused", () => {
  const base = {
    name: "tap-x",
    version: "1.0.0",
    description: "",
    doc: "",
    settings: { type: "object", properties: {} },
    http: { baseUrl: "http://x.example" },
    schemas: { a: { properties: { id: {} } }, b: { properties: { id: {} } } },
  } as const;
  test.each([
    [{ a: { path: "/a", key: ["nope"] } }, /a: its schema lacks nope/],
    [{ c: { path: "/c" } }, /c: has no schema/],
    [{ a: { path: "/a", parent: "z", visits: "all-parents" } }, /no parent z/],
    [{ a: { path: "/a" }, b: { path: "/b", parent: "a" } }, /parent and visits belong together/],
    [
      { a: { path: "/a" }, b: { path: "/b", parent: "a", visits: "parents-in-this-run" } },
      /must carry its parent's replication key/,
    ],
  ])("%j", (streams, text) => {
    expect(() => defineRestTap({ ...base, streams: streams as never })).toThrow(text);
  });
});
