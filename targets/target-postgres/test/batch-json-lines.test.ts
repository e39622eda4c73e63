/** BATCH: rows that come in files of JSON lines. */
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { batch, jsonl, shape, useBatchFiles } from "./use-batch-files.ts";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const { database, target } = useTarget();
const { file, pathOf } = useBatchFiles();

describe("files of JSON lines", () => {
  test("[TGT-20] the rows of all files of a manifest are loaded like records, the files stay", async () => {
    const first = file("a b.jsonl.gz", jsonl({ id: 1, text: "of the file" }, { id: 2, text: "ü" }));
    const second = pathOf("second.jsonl.gz");
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
        batch("plain", [`file://localhost${pathOf("plain.jsonl")}`], { compression: "none" }),
      ),
      {},
      { folder: dirname(pathOf("plain.jsonl")) },
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
