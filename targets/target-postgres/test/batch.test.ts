/** BATCH: rows that come in files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const { database, target } = useTarget();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "batch-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file, packed if its name says so; its URL. */
function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  const packed = name.endsWith(".gz") && typeof content === "string";
  writeFileSync(path, packed ? gzipSync(content) : content);
  return pathToFileURL(path).href;
}

const batch = (stream: string, manifest: unknown, encoding: object = {}) => ({
  type: "BATCH",
  stream,
  encoding: { format: "jsonl", compression: "gzip", ...encoding },
  manifest,
});

const jsonl = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const shape = {
  id: { type: "integer" },
  text: { type: ["string", "null"] },
  amount: { type: ["number", "null"] },
};

describe("files of JSON lines", () => {
  test("[TGT-20] the rows of all files of a manifest are loaded like records, the files stay", async () => {
    const first = file("a b.jsonl.gz", jsonl({ id: 1, text: "of the file" }, { id: 2, text: "ü" }));
    const second = join(folder, "second.jsonl.gz");
    file("second.jsonl.gz", '{"id":3,"amount":0.1000000000000000055511151231257827}\n\n{"id":2}');
    const { code, stdout } = await target(
      lines(
        schema("files", shape),
        record("files", { id: 1, text: "before the file" }),
        batch("files", [first, second]),
        record("files", { id: 3, text: "behind the file" }),
        state({ at: 3 }),
      ),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"at":3}\n' });
    expect(
      await database.query("SELECT id::int, text, amount::text FROM files ORDER BY id"),
    ).toEqual([
      { id: 1, text: "of the file", amount: null },
      { id: 2, text: "ü", amount: null },
      { id: 3, text: "behind the file", amount: "0.1000000000000000055511151231257827" },
    ]);
    const again = lines(schema("files", shape), batch("files", [first, second]));
    expect((await target(again)).code).toBe(0);
  });

  test("a file may be unpacked, its path relative to the working folder as the SDK writes it", async () => {
    file("plain.jsonl", jsonl({ id: 1 }));
    const { code } = await target(
      lines(
        schema("plain", shape),
        batch("plain", ["file://plain.jsonl"], { compression: null }),
        batch("plain", [`file://localhost${folder}/plain.jsonl`], { compression: "none" }),
      ),
      {},
      { folder },
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT id::int FROM plain")).toEqual([{ id: 1 }]);
  });

  test("a file much larger than a segment is loaded in several transactions", async () => {
    const count = 20_000;
    const rows = Array.from({ length: count }, (_, id) => ({ id, text: "x".repeat(50) }));
    const { code } = await target(
      lines(schema("large", shape), batch("large", [file("large.jsonl.gz", jsonl(...rows))])),
      { TARGET_POSTGRES_BATCH_SIZE_ROWS: "2000" },
    );
    expect(code).toBe(0);
    const [found] = await database.query<{ rows: number; transactions: number }>(
      "SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS transactions FROM large",
    );
    expect(found!.rows).toBe(count);
    expect(found!.transactions).toBeGreaterThan(5);
  });

  test("a bad row of a file is kept with its reason, the good ones around it load", async () => {
    const content = jsonl({ id: 1 }, { id: "secret value" }, { id: 2 }, { text: "no key" });
    const { code, stderr } = await target(
      lines(schema("mixed", shape), batch("mixed", [file("mixed.jsonl.gz", content)])),
      { TARGET_POSTGRES_MAX_REJECTED: "2" },
    );
    expect(code).toBe(0);
    expect(stderr).not.toContain("secret value");
    expect(await database.query("SELECT id::int FROM mixed ORDER BY id")).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    expect(
      await database.query("SELECT reason, record FROM _rejected WHERE stream = 'mixed'"),
    ).toEqual([
      { reason: "id is not of type integer", record: { id: "secret value" } },
      { reason: "the key property id is missing or null", record: { text: "no key" } },
    ]);
  });

  test.each([
    [
      "not JSON",
      '{"id":2}\n{"id":secret}\n{"id":3}\n',
      /broken.jsonl.gz: line 2 is not valid JSON/,
    ],
    ["not an object", '{"id":2}\n["secret"]\n', /broken.jsonl.gz: line 2 is not a JSON object/],
    ["cut", '{"id":2}\n{"text":"secr', /broken.jsonl.gz: the file ends in the middle of line 2/],
    [
      "too long",
      `{"id":2}\n{"text":"${"secret".repeat(1000)}"}\n`,
      /broken.jsonl.gz: a line is longer than 2000 bytes; raise max_line_bytes/,
    ],
  ])(
    "a line that is %s is named, the rows before it are committed",
    async (_, content, message) => {
      await database.query("DROP TABLE IF EXISTS broken");
      const { code, stdout, stderr } = await target(
        lines(
          schema("broken", shape),
          record("broken", { id: 1 }),
          state(1),
          batch("broken", [file("broken.jsonl.gz", content)]),
          state(2),
        ),
        { TARGET_POSTGRES_MAX_LINE_BYTES: "2000" },
      );
      expect({ code, stdout }).toEqual({ code: 5, stdout: "1\n" });
      expect(stderr.trim().split("\n").at(-1)).toMatch(message);
      expect(stderr).not.toContain("secr");
      expect(await database.query("SELECT id::int FROM broken ORDER BY id")).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    },
  );

  test.each([
    ["cut", (packed: Buffer) => packed.subarray(0, packed.length / 2), /was cut off/],
    ["empty", () => Buffer.alloc(0), /was cut off/],
    ["not gzip", () => Buffer.from(jsonl({ id: 1 })), /is not valid gzip/],
  ])("a packed file that is %s is named, no STATE covers it", async (_, spoil, message) => {
    const rows = Array.from({ length: 1000 }, (_, id) => ({ id, text: `${Math.sin(id)}` }));
    const url = file("spoilt.jsonl.gz", spoil(gzipSync(jsonl(...rows))));
    const { code, stdout, stderr } = await target(
      lines(schema("spoilt", shape), batch("spoilt", [url]), state(1)),
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toMatch(/spoilt.jsonl.gz/);
    expect(stderr).toMatch(message);
  });
});

describe("files of CSV", () => {
  const csv = { format: "csv" };

  test("[TGT-20] cells become values by the stream's schema", async () => {
    const properties = {
      id: { type: "integer" },
      "a name": { type: ["string", "null"] },
      amount: { type: ["number", "null"] },
      flag: { type: ["boolean", "null"] },
      at: { type: ["string", "null"], format: "date-time" },
      list: { type: ["array", "null"] },
      thing: { type: ["object", "null"] },
      big: { type: ["integer", "null"] },
    };
    const content = [
      "\ufeffid,a name,amount,flag,at,list,thing,big",
      '1,"a ""quoted""\r\nname, ü 😀",0.1000000000000000055511151231257827,True,2024-01-02T03:04:05Z,"[1, ""x""]","{""n"": 12345678901234567890}",12345678901234567890',
      "",
      "2,,,,,,,",
      '3,"",1e2,f,,[],{},-7',
    ];
    const { code, stderr } = await target(
      lines(
        schema("cells", properties),
        batch("cells", [file("cells.csv.gz", content.join("\r\n"))], csv),
      ),
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(
      await database.query(
        `SELECT id::int, "a name", amount::text, flag, at::timestamptz(0) AT TIME ZONE 'UTC' = '2024-01-02 03:04:05' AS at,
                list, thing::text, big::text FROM cells ORDER BY cells.id`,
      ),
    ).toEqual([
      {
        id: 1,
        "a name": 'a "quoted"\r\nname, ü 😀',
        amount: "0.1000000000000000055511151231257827",
        flag: true,
        at: true,
        list: [1, "x"],
        thing: '{"n": 12345678901234567890}',
        big: "12345678901234567890",
      },
      {
        id: 2,
        "a name": null,
        amount: null,
        flag: null,
        at: null,
        list: null,
        thing: null,
        big: null,
      },
      {
        id: 3,
        "a name": "",
        amount: "100",
        flag: false,
        at: null,
        list: [],
        thing: "{}",
        big: "-7",
      },
    ]);
  });

  test("another delimiter; a column that is a file's alone is left out", async () => {
    const { code } = await target(
      lines(
        schema("tabs", shape),
        batch("tabs", [file("a.csv", "text\tid\n1,5\t1\n"), file("b.csv", "id\tmore\n2\tx\n")], {
          ...csv,
          compression: null,
          delimiter: "\t",
          header: true,
        }),
      ),
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT id::int, text FROM tabs ORDER BY id")).toEqual([
      { id: 1, text: "1,5" },
      { id: 2, text: null },
    ]);
  });

  test("a cell that is not what its column holds makes a rejected row", async () => {
    const content = "id,amount\n1,1.5\n2,secret\n007,1\n3,2\n";
    const { code, stderr } = await target(
      lines(schema("unfit", shape), batch("unfit", [file("unfit.csv.gz", content)], csv)),
      { TARGET_POSTGRES_MAX_REJECTED: "2" },
    );
    expect(code).toBe(0);
    expect(stderr).not.toContain("secret");
    expect(await database.query("SELECT id::int FROM unfit ORDER BY id")).toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    expect(
      await database.query("SELECT reason FROM _rejected WHERE stream = 'unfit' ORDER BY reason"),
    ).toEqual([
      { reason: "amount is not of type number or null" },
      { reason: "id is not of type integer" },
    ]);
  });

  test("a file much larger than a segment is loaded in several transactions", async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => `${id},${"x".repeat(50)}\n`);
    const { code } = await target(
      lines(
        schema("long", shape),
        batch("long", [file("long.csv.gz", `id,text\n${rows.join("")}`)], csv),
      ),
      { TARGET_POSTGRES_BATCH_SIZE_BYTES: "100000" },
    );
    expect(code).toBe(0);
    const [found] = await database.query<{ rows: number; transactions: number }>(
      "SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS transactions FROM long",
    );
    expect(found!.rows).toBe(20_000);
    expect(found!.transactions).toBeGreaterThan(4);
  });

  test.each([
    ["a quote within a cell", 'id,text\n1,a\n2,se"cret"\n', /line 3 is not valid CSV/],
    ["text behind a quoted cell", 'id,text\n1,a\n2,"b"secret\n3,c\n', /line 3 is not valid CSV/],
    ["open quotes", 'id,text\n1,a\n2,"secret\n3,c\n', /quotes opened in line 3 are not closed/],
    ["a cell too many", 'id,text\r\n1,"\r\n"\r\n2,b,secret\r\n3,c\r\n', /line 4 has 3 cells/],
    [
      "a long row",
      `id,text\n1,a\n2,${"secret".repeat(1000)}\n`,
      /line 3 is longer than 2000 bytes/,
    ],
  ])("%s: the line is named, the rows before it are committed", async (_, content, message) => {
    await database.query("DROP TABLE IF EXISTS bad");
    const { code, stdout, stderr } = await target(
      lines(
        schema("bad", shape),
        state(1),
        batch("bad", [file("bad.csv.gz", content)], csv),
        state(2),
      ),
      { TARGET_POSTGRES_MAX_LINE_BYTES: "2000" },
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "1\n" });
    expect(stderr).toMatch(/bad\.csv\.gz: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("secret");
    expect(await database.query("SELECT id::int FROM bad")).toEqual([{ id: 1 }]);
  });

  test.each([
    ["nothing", "", /the file has no header row/],
    ["a column without name", "id,,text\n1,a,b\n", /column 2 has no name/],
    ["a column given twice", "id,text,id\n1,a,2\n", /column 3 has the name of another/],
    ["open quotes", '"id,text\n1,a\n', /the quotes opened in line 1 are not closed/],
  ])("a header with %s is refused", async (_, content, message) => {
    const { code, stderr } = await target(
      lines(schema("headless", shape), batch("headless", [file("h.csv.gz", content)], csv)),
    );
    expect(code).toBe(5);
    expect(stderr).toMatch(/h\.csv\.gz: /);
    expect(stderr).toMatch(message);
  });
});

describe("what is not read", () => {
  test("a file that is not there is named", async () => {
    const { code, stderr } = await target(
      lines(schema("gone", shape), batch("gone", [pathToFileURL(join(folder, "gone.gz")).href])),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/gone\.gz cannot be read \(ENOENT\)/);
  });

  test.each([
    [
      "s3",
      batch("no", ["s3://bucket/a?signature=secret"]),
      /BATCH of no: s3:\/\/ is not supported; only local/,
    ],
    [
      "a relative path",
      batch("no", ["a.gz"]),
      /BATCH of no: a path of the manifest is not absolute/,
    ],
    [
      "half a URL",
      batch("no", ["file:///%zz"]),
      /BATCH of no: a file URL of the manifest is not valid/,
    ],
    [
      "parquet",
      batch("no", [], { format: "parquet" }),
      /format parquet is not supported; jsonl and csv are/,
    ],
    ["arrow", batch("no", [], { format: "arrow" }), /format arrow is not supported/],
    [
      "snappy",
      batch("no", [], { compression: "snappy" }),
      /compression snappy is not supported; gzip and none/,
    ],
    ["no header", batch("no", [], { format: "csv", header: false }), /CSV files need a header row/],
    [
      "a long delimiter",
      batch("no", [], { format: "csv", delimiter: "||" }),
      /delimiter must be one ASCII character/,
    ],
    [
      "an unknown option",
      batch("no", [], { format: "csv", escape: "x" }),
      /option escape of format csv is not/,
    ],
    [
      "no encoding",
      { type: "BATCH", stream: "no", manifest: [] },
      /line 2: BATCH of no needs an encoding/,
    ],
    ["no manifest", batch("no", undefined), /line 2: BATCH of no needs a manifest/],
    ["a manifest of numbers", batch("no", [1]), /line 2: BATCH of no needs a manifest/],
    [
      "no text",
      batch("no", [], { compression: 1 }),
      /line 2: BATCH of no: the compression must be a string/,
    ],
    ["no SCHEMA before", batch("other", []), /BATCH of other came before its SCHEMA/],
  ])("%s: one line that says what is", async (_, message, expected) => {
    const { code, stderr } = await target(lines(schema("no", shape), message));
    expect(code).toBe(5);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(expected)]);
    expect(stderr).not.toContain("secret");
  });
});
