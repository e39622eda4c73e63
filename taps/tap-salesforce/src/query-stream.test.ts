import type { HttpClient, HttpRequest } from "@bizops/http-client";
import { createLog, type Row } from "@bizops/singer";
import type { Page, ReadRun } from "@bizops/tap-kit";
import { createQueryStream } from "./query-stream.ts";
import { QueryLocatorExpiredError } from "./read-error.ts";

const stamp = (seconds: number) => new Date(Date.UTC(2024, 0, 1) + seconds * 1000).toISOString();

/** An organisation with one object, whose cursors keep ids and whose pages show rows as they are now. */
function organisation(stamps: { [id: string]: number }, pageSize: number) {
  const queries: string[] = [];
  const cursors = new Map<string, string[]>();
  let onPage: (page: number) => void = () => {};
  let pages = 0;
  const show = (ids: readonly string[], fields: readonly string[]) => {
    const shown = ids.slice(0, pageSize).map((id) => {
      const row: { [field: string]: string } = { Id: id, SystemModstamp: stamp(stamps[id]!) };
      const entries = fields.map((field) => [field, row[field] ?? `${id} ${field}`]);
      return { attributes: { type: "Thing" }, ...Object.fromEntries(entries) };
    });
    const rest = ids.slice(pageSize);
    const url = `/cursor-${cursors.size}?${fields.join(",")}`;
    if (rest.length > 0) cursors.set(url, rest);
    return {
      records: shown,
      done: rest.length === 0,
      ...(rest.length > 0 && { nextRecordsUrl: url }),
    };
  };
  const query = (text: string) => {
    queries.push(text);
    const [, fields, from, upTo, direction, limit] =
      /^SELECT (\S+) FROM Thing(?: WHERE SystemModstamp >= (\S+)(?: AND SystemModstamp <= (\S+))?)? ORDER BY SystemModstamp (ASC|DESC)(?: LIMIT (\d+))?$/.exec(
        text,
      )!;
    const sign = direction === "DESC" ? -1 : 1;
    const ids = Object.keys(stamps)
      .filter((id) => stamp(stamps[id]!) >= (from ?? "") && stamp(stamps[id]!) <= (upTo ?? "9"))
      .sort((a, b) => sign * (stamps[a]! - stamps[b]!) || a.localeCompare(b));
    return show(limit ? ids.slice(0, Number(limit)) : ids, fields!.split(","));
  };
  const client: Pick<HttpClient, "request"> = {
    async request(request: HttpRequest) {
      await new Promise(setImmediate);
      const cursor = cursors.get(request.url);
      if (cursor === undefined && request.url.startsWith("/cursor")) {
        throw new QueryLocatorExpiredError("gone");
      }
      onPage(pages++);
      const data =
        cursor === undefined
          ? query(String(request.params?.q))
          : show(cursor, request.url.split("?")[1]!.split(","));
      return { status: 200, headers: {}, data } as never;
    },
  };
  return {
    queries,
    forgetCursors: () => cursors.clear(),
    beforePage: (hook: typeof onPage) => {
      onPage = hook;
    },
    /** Reads as one run does, from a bookmark. */
    read(more: Partial<ReadRun> = {}, extraFields: string[] = []): AsyncIterable<Page> {
      const names = ["Id", "SystemModstamp", ...extraFields];
      const describe = {
        name: "Thing",
        label: "Thing",
        fields: names.map((name) => ({
          name,
          label: name,
          type: name === "SystemModstamp" ? "datetime" : "string",
          custom: false,
        })),
      };
      const stream = createQueryStream(describe, {
        client,
        settings: { apiType: "rest", apiVersion: "61.0", lookbackSeconds: 10 },
      } as never);
      return stream.read({
        fields: names,
        replication: stream.replication,
        signal: new AbortController().signal,
        log: createLog({}, () => {}),
        ...more,
      });
    },
  };
}

async function collect(pages: AsyncIterable<Page>, count = Number.POSITIVE_INFINITY) {
  const rows: Row[] = [];
  const bookmarks: unknown[] = [];
  for await (const page of pages) {
    rows.push(...page.records);
    bookmarks.push(page.bookmark?.SystemModstamp);
    if (bookmarks.length >= count) break;
  }
  return { rows, bookmarks, bookmark: bookmarks.at(-1) as string | undefined };
}
const tenRows = () =>
  Object.fromEntries("abcdefghij".split("").map((id, at) => [id, 100 + at * 100]));

describe("reading changes", () => {
  test("what fits into one answer is one request", async () => {
    const org = organisation(tenRows(), 100);
    const { rows, bookmarks } = await collect(org.read());
    expect(rows).toHaveLength(10);
    expect(rows[0]).toEqual({ Id: "a", SystemModstamp: stamp(100) });
    expect(bookmarks).toEqual([stamp(1000)]);
    expect(org.queries).toEqual([
      "SELECT Id,SystemModstamp FROM Thing ORDER BY SystemModstamp ASC",
    ]);
  });

  test("bookmarks follow the pages and end at the newest row", async () => {
    const { rows, bookmarks } = await collect(organisation(tenRows(), 3).read());
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(10);
    expect(bookmarks).toEqual([300, 500, 800, 1000].map(stamp));
  });

  test("a run starts the look-back before its bookmark, and the bookmark never goes back", async () => {
    const org = organisation({ a: 95, b: 96, c: 97 }, 2);
    const { bookmarks } = await collect(org.read({ bookmark: { SystemModstamp: stamp(100) } }));
    expect(org.queries[0]).toContain(`>= ${stamp(90)}`);
    expect(new Set(bookmarks)).toEqual(new Set([stamp(100)]));
  });

  test("whenever and wherever a row is edited while paging, the runs together see its last state", async () => {
    for (let at = 0; at < 6; at += 1) {
      for (const edited of "abcdefghij") {
        for (let stop = 1; stop < 6; stop += 1) {
          const stamps: { [id: string]: number } = tenRows();
          const org = organisation(stamps, 3);
          let clock = 1000;
          const seen = new Map<string, string>();
          const note = ({ rows }: { rows: Row[] }) => {
            for (const { Id, SystemModstamp } of rows) seen.set(String(Id), String(SystemModstamp));
          };
          org.beforePage((page) => {
            clock += 20;
            if (page === at) stamps[edited] = clock;
            if (page === at + 1) stamps.j = clock;
          });
          const first = await collect(org.read(), stop);
          note(first);
          org.beforePage(() => {});
          note(await collect(org.read({ bookmark: { SystemModstamp: first.bookmark! } })));
          expect([at, edited, stop, Object.fromEntries(seen)]).toEqual([
            at,
            edited,
            stop,
            Object.fromEntries(Object.entries(stamps).map(([id, time]) => [id, stamp(time)])),
          ]);
        }
      }
    }
  });

  test("an expired cursor is taken up from the last row", async () => {
    const org = organisation(tenRows(), 3);
    org.beforePage((page) => page === 4 && org.forgetCursors());
    const { rows, bookmark } = await collect(org.read());
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(10);
    expect(bookmark).toBe(stamp(1000));
  });

  test("a cursor that always expires ends the stream, unavailable", async () => {
    const org = organisation(Object.fromEntries("abcdefgh".split("").map((id) => [id, 7])), 3);
    org.beforePage(() => setImmediate(org.forgetCursors));
    await expect(collect(org.read())).rejects.toMatchObject({ exitCode: 4 });
    expect(org.queries).toHaveLength(5);
  });

  test("more fields than an address holds are read in parts and joined by Id", async () => {
    const extra = Array.from({ length: 700 }, (_, index) => `Field${index}`.padEnd(40, "x"));
    const org = organisation(tenRows(), 4);
    const { rows } = await collect(org.read({}, extra));
    expect(org.queries[0]!.length).toBeLessThan(16_000);
    const ids = new Set(rows.map(({ Id }) => Id));
    expect(ids.size).toBe(10);
    for (const row of rows) {
      expect(Object.keys(row)).toHaveLength(702);
      expect(row[extra[699]!]).toBe(`${row.Id} ${extra[699]}`);
    }
  });

  test("a row edited between the parts is read whole by the next run", async () => {
    const extra = Array.from({ length: 700 }, (_, index) => `Field${index}`.padEnd(40, "x"));
    const stamps: { [id: string]: number } = tenRows();
    const org = organisation(stamps, 100);
    org.beforePage((page) => {
      if (page === 1) stamps.c = 5000;
    });
    const first = await collect(org.read({}, extra));
    expect(first.rows.map(({ Id }) => Id)).not.toContain("c");
    const second = await collect(
      org.read({ bookmark: { SystemModstamp: first.bookmark! } }, extra),
    );
    expect(second.rows.map(({ Id }) => Id)).toContain("c");
  });

  test("a state that holds no date-time is a config error", async () => {
    const org = organisation({}, 3);
    await expect(collect(org.read({ bookmark: { SystemModstamp: "x" } }))).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});
