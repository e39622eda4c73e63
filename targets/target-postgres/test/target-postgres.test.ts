/** target-postgres through its command and the database. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  commandPath,
  createScratchDatabase,
  type RunOptions,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";

let database: ScratchDatabase;
beforeAll(async () => {
  database = await createScratchDatabase();
});
afterAll(() => database.drop());

const target = (
  input: string,
  settings: { [name: string]: string } = {},
  options: RunOptions = {},
) =>
  runProgram(commandPath("target-postgres"), [], {
    input,
    environment: { ...database.environment, ...settings },
    ...options,
  });
const lines = (...messages: object[]) => messages.map((m) => `${JSON.stringify(m)}\n`).join("");
const schema = (stream: string, properties: object, key: string[] = ["id"]) => ({
  type: "SCHEMA",
  stream,
  schema: { type: "object", properties },
  key_properties: key,
});
const record = (stream: string, row: object, more: object = {}) => ({
  type: "RECORD",
  stream,
  record: row,
  ...more,
});
const state = (value: unknown) => ({ type: "STATE", value });
const types = async (table: string) =>
  Object.fromEntries(
    (
      await database.query<{ name: string; type: string }>(
        `SELECT column_name AS name, data_type AS type FROM information_schema.columns
          WHERE table_name = $1 ORDER BY ordinal_position`,
        [table],
      )
    ).map(({ name, type }) => [name, type]),
  );

describe("tables", () => {
  test("[TGT-1] [TGT-3] [TGT-9] creates a table with the columns as they come, its key and the _sdc_ columns", async () => {
    const { code, stdout } = await target(
      lines(
        schema("Account", {
          id: { type: "integer" },
          Name: { type: ["null", "string"] },
          name: { type: ["null", "string"] },
          amount: { type: ["null", "number"] },
          ok: { type: "boolean" },
          day: { type: ["null", "string"], format: "date" },
          at: { type: ["null", "string"], format: "date-time" },
          clock: { type: ["null", "string"], format: "time" },
          more: { type: ["null", "object"] },
          'odd "name". 🙂': {},
        }),
        record(
          "Account",
          {
            id: 1,
            Name: "A",
            name: "a",
            amount: 1.5,
            ok: true,
            day: "2024-02-29",
            at: "2024-01-01T01:00:00+02:00",
            clock: "10:11:12Z",
            more: { a: [] },
            'odd "name". 🙂': "x",
          },
          { time_extracted: "2024-01-02T00:00:00Z" },
        ),
        state({ bookmarks: { Account: { at: "2024" } } }),
      ),
    );
    expect(code).toBe(0);
    expect(stdout).toBe('{"bookmarks":{"Account":{"at":"2024"}}}\n');
    expect(await types("Account")).toEqual({
      id: "bigint",
      Name: "text",
      name: "text",
      amount: "numeric",
      ok: "boolean",
      day: "date",
      at: "timestamp with time zone",
      clock: "time without time zone",
      more: "jsonb",
      'odd "name". 🙂': "jsonb",
      _sdc_extracted_at: "timestamp with time zone",
      _sdc_received_at: "timestamp with time zone",
      _sdc_batched_at: "timestamp with time zone",
      _sdc_deleted_at: "timestamp with time zone",
      _sdc_sequence: "bigint",
      _sdc_table_version: "bigint",
    });
    const [row] = await database.query(
      `SELECT "Name", name, amount::text, day::text, at::text, clock::text, more, "_sdc_extracted_at"::text AS e FROM "Account"`,
    );
    expect(row).toEqual({
      Name: "A",
      name: "a",
      amount: "1.5",
      day: "2024-02-29",
      at: "2023-12-31 23:00:00+00",
      clock: "10:11:12",
      more: { a: [] },
      e: "2024-01-02 00:00:00+00",
    });
  });

  test("[TGT-4] a later property adds a column; a wider type widens it with its history", async () => {
    await target(lines(schema("grow", { id: { type: "integer" } }), record("grow", { id: 1 })));
    await target(
      lines(
        schema("grow", { id: { type: "string" }, extra: { type: "integer" } }),
        record("grow", { id: "x", extra: 2 }),
      ),
    );
    expect(await database.query("SELECT id, extra::int FROM grow ORDER BY id")).toEqual([
      { id: "1", extra: null },
      { id: "x", extra: 2 },
    ]);
  });

  test("[TGT-18] views upon a column that widens stay as they were, with owner, grants, comments and indexes", async () => {
    await target(
      lines(
        schema("seen", { id: { type: "integer" }, n: { type: "integer" } }),
        record("seen", { id: 1, n: 1 }),
      ),
    );
    const [{ name } = { name: "" }] = await database.query<{ name: string }>(
      "SELECT current_database() AS name",
    );
    await database.query(`CREATE ROLE owner_${name}; CREATE ROLE reader_${name};
      CREATE SCHEMA marts;
      CREATE VIEW marts.first WITH (security_barrier = true) AS SELECT id, n FROM public.seen;
      CREATE VIEW marts.other AS SELECT id FROM public.seen;
      CREATE MATERIALIZED VIEW marts.second AS SELECT s.id, f.n FROM marts.first f JOIN public.seen s USING (id);
      CREATE UNIQUE INDEX second_id ON marts.second (id);
      COMMENT ON VIEW marts.first IS 'it''s a view';
      COMMENT ON COLUMN marts.first.n IS 'a number';
      GRANT SELECT ON marts.first TO reader_${name} WITH GRANT OPTION;
      GRANT SELECT ON marts.second TO PUBLIC;
      GRANT CREATE, USAGE ON SCHEMA marts TO owner_${name};
      ALTER VIEW marts.first OWNER TO owner_${name};
      GRANT SELECT ON public.seen TO owner_${name}`);
    const describeViews = () =>
      database.query(
        `SELECT c.relname, c.relkind, c.relacl::text, c.reloptions, pg_get_userbyid(c.relowner) AS owner,
                obj_description(c.oid) AS comment, col_description(c.oid, 2) AS of_n, pg_get_viewdef(c.oid) AS definition,
                (SELECT string_agg(indexdef, ';') FROM pg_indexes i WHERE i.schemaname = 'marts' AND i.tablename = c.relname) AS indexes
           FROM pg_class c WHERE relnamespace = 'marts'::regnamespace AND relkind IN ('v', 'm') ORDER BY 1`,
      );
    const before = await describeViews();
    const { code } = await target(
      lines(
        schema("seen", { id: { type: "integer" }, n: { type: "string" } }),
        record("seen", { id: 2, n: "two" }),
      ),
    );
    expect(code).toBe(0);
    expect(await describeViews()).toEqual(before);
    expect(await database.query("SELECT n FROM marts.first ORDER BY id")).toEqual([
      { n: "1" },
      { n: "two" },
    ]);
    await database.query(`DROP SCHEMA marts CASCADE; DROP OWNED BY owner_${name};
      DROP ROLE owner_${name}; DROP ROLE reader_${name}`);
  });

  test("[TGT-19] columns that stopped arriving are named once, beside those that are new", async () => {
    const first = { id: { type: "integer" }, old: { type: "string" }, kept: { type: "string" } };
    const second = { id: { type: "integer" }, fresh: { type: "string" }, kept: { type: "string" } };
    await target(lines(schema("moved", first), record("moved", { id: 1, old: "x", kept: "k" })));
    const { stderr } = await target(
      lines(
        schema("moved", second),
        record("moved", { id: 2, fresh: "y" }),
        record("moved", { id: 3, kept: "k" }),
      ),
    );
    expect(stderr.match(/WARNING .*/g)).toEqual([
      "WARNING moved: columns that stopped arriving stopped=old added=fresh",
    ]);
    expect(await database.query("SELECT old, fresh FROM moved ORDER BY id LIMIT 2")).toEqual([
      { old: "x", fresh: null },
      { old: null, fresh: "y" },
    ]);
  });

  test("[TGT-5] stream a-b goes to schema a", async () => {
    const { code } = await target(
      lines(schema("sales-orders", { id: { type: "integer" } }), record("sales-orders", { id: 7 })),
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT id::int FROM sales.orders")).toEqual([{ id: 7 }]);
  });
});

describe("values", () => {
  test("[TGT-6] no digit is lost", async () => {
    const digits = [
      "12345678901234567890",
      "0.1000000000000000055511151231257827",
      "-9007199254740993",
    ];
    const rows = digits.map(
      (text, index) =>
        `{"type":"RECORD","stream":"digits","record":{"id":${index},"n":${text},"i":${text.split(".")[0]},"j":[${text}]}}\n`,
    );
    const { code } = await target(
      lines(
        schema("digits", {
          id: { type: "integer" },
          n: { type: "number" },
          i: { type: "integer" },
          j: { type: "array" },
        }),
      ) + rows.join(""),
    );
    expect(code).toBe(0);
    expect(
      await database.query("SELECT n::text, i::text, j::text FROM digits ORDER BY id"),
    ).toEqual(digits.map((n) => ({ n, i: n.split(".")[0], j: `[${n}]` })));
  });

  test("[TGT-7] empty string, empty array, empty object and null stay apart; awkward text survives", async () => {
    const text = "line\nbreak\ttab\\N \u2028 \\. 🙂 é";
    await target(
      lines(
        schema("texts", { id: { type: "integer" }, t: { type: ["string", "null"] }, j: {} }),
        record("texts", { id: 1, t: "", j: "" }),
        record("texts", { id: 2, t: null, j: null }),
        record("texts", { id: 3, t: text, j: [] }),
        record("texts", { id: 4, t: "\\N", j: {} }),
      ),
    );
    expect(await database.query("SELECT t, j::text FROM texts ORDER BY id")).toEqual([
      { t: "", j: '""' },
      { t: null, j: null },
      { t: text, j: "[]" },
      { t: "\\N", j: "{}" },
    ]);
  });

  test("[TGT-8] NUL and lone surrogates are replaced, never a crash", async () => {
    const { code } = await target(
      `${lines(schema("nul", { id: { type: "integer" }, t: { type: "string" }, j: {} }))}{"type":"RECORD","stream":"nul","record":{"id":1,"t":"a\\u0000b\\ud800c","j":{"k\\u0000":"\\udc00 \\\\u0000"}}}\n`,
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT t, j FROM nul")).toEqual([
      { t: "a\uFFFDb\uFFFDc", j: { "k\uFFFD": "\uFFFD \\u0000" } },
    ]);
  });

  test("[TGT-12] tap-salesforce's anyOf date-time is timestamptz until a value is not one", async () => {
    const property = {
      anyOf: [{ type: "string", format: "date-time" }, { type: ["string", "null"] }],
    };
    const first = lines(
      schema("either", { id: { type: "integer" }, at: property }),
      record("either", { id: 1, at: "2020-01-01T00:00:00.500+01:00" }),
    );
    await target(first);
    expect((await types("either")).at).toBe("timestamp with time zone");
    const { code } = await target(
      lines(
        schema("either", { id: { type: "integer" }, at: property }),
        record("either", { id: 2, at: "soon" }),
      ),
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT at FROM either ORDER BY id")).toEqual([
      { at: "2019-12-31T23:00:00.5Z" },
      { at: "soon" },
    ]);
  });
});

describe("merging", () => {
  test("[TGT-10] an absent property is left alone, an explicit null clears, within a batch as over two", async () => {
    const shape = {
      id: { type: "integer" },
      a: { type: ["integer", "null"] },
      b: { type: ["integer", "null"] },
    };
    await target(
      lines(
        schema("merge", shape),
        record("merge", { id: 1, a: 1 }),
        record("merge", { id: 1, b: 2 }),
        record("merge", { id: 2, a: 1, b: 1 }),
        record("merge", { id: 3, a: 1, b: 1 }),
      ),
    );
    await target(
      lines(
        schema("merge", shape),
        record("merge", { id: 2, a: null }),
        record("merge", { id: 3, b: 5 }),
        record("merge", { id: 4 }),
      ),
    );
    expect(await database.query("SELECT id::int, a::int, b::int FROM merge ORDER BY id")).toEqual([
      { id: 1, a: 1, b: 2 },
      { id: 2, a: null, b: 1 },
      { id: 3, a: 1, b: 5 },
      { id: 4, a: null, b: null },
    ]);
  });

  test("[TGT-11] keys compare as tuples", async () => {
    const shape = { p: { type: "string" }, q: { type: "string" } };
    await target(
      lines(
        schema("pairs", shape, ["p", "q"]),
        record("pairs", { p: "a,b", q: "c" }),
        record("pairs", { p: "a", q: "b,c" }),
        record("pairs", { p: "a", q: "b,c" }),
      ),
    );
    expect(await database.query("SELECT p, q FROM pairs ORDER BY p")).toEqual([
      { p: "a", q: "b,c" },
      { p: "a,b", q: "c" },
    ]);
  });

  test("[TGT-11] keys are equal when PostgreSQL says so", async () => {
    const shape = { k: { type: "object" }, n: { type: "number" }, v: { type: "integer" } };
    const row = (k: string, n: string, v: number) =>
      `{"type":"RECORD","stream":"alike","record":{"k":${k},"n":${n},"v":${v}}}\n`;
    const { code } = await target(
      lines(schema("alike", shape, ["k", "n"])) +
        row('{"p":1,"q":2}', "10000000000000000000", 1) +
        row('{"q":2,"p":1}', "10000000000000000000.0", 2),
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT v::int FROM alike")).toEqual([{ v: 2 }]);

    // A key column that widens between two rows of the same key.
    const widened = await target(
      lines(
        schema("widening", { id: { type: "integer" }, v: { type: "integer" } }),
        record("widening", { id: 5, v: 1 }),
      ) +
        '{"type":"RECORD","stream":"widening","record":{"id":12345678901234567890,"v":1}}\n' +
        lines(record("widening", { id: 5, v: 2 })),
    );
    expect(widened.code).toBe(0);
    expect(
      await database.query("SELECT id::text, v::int FROM widening ORDER BY widening.id"),
    ).toEqual([
      { id: "5", v: 2 },
      { id: "12345678901234567890", v: 1 },
    ]);
  });

  test("a property called constructor is data, present or not", async () => {
    const { code } = await target(
      lines(
        schema("odd", { id: { type: "integer" }, constructor: { type: ["string", "null"] } }),
        record("odd", { id: 1, constructor: "c" }),
        record("odd", { id: 2 }),
      ),
    );
    expect(code).toBe(0);
    expect(await database.query(`SELECT "constructor" AS c FROM odd ORDER BY id`)).toEqual([
      { c: "c" },
      { c: null },
    ]);
  });

  test("[TGT-15] append-only keeps every row; a stream without key appends under upsert too", async () => {
    const input = lines(
      schema("log", { id: { type: "integer" } }),
      record("log", { id: 1 }),
      record("log", { id: 1 }),
      schema("keyless", { id: { type: "integer" } }, []),
      record("keyless", { id: 1 }),
      record("keyless", { id: 1 }),
    );
    expect((await target(input, { TARGET_POSTGRES_LOAD_METHOD: "append-only" })).code).toBe(0);
    expect((await target(input.split("\n").slice(3).join("\n"))).code).toBe(0);
    expect(await database.query("SELECT count(*)::int AS n FROM log")).toEqual([{ n: 2 }]);
    expect(await database.query("SELECT count(*)::int AS n FROM keyless")).toEqual([{ n: 4 }]);
  });

  test("[TGT-16] ACTIVATE_VERSION marks rows of older generations as deleted, or deletes them", async () => {
    const generation = (version: number, ids: number[]) =>
      lines(
        schema("versions", { id: { type: "integer" } }),
        ...ids.map((id) => record("versions", { id }, { version })),
        { type: "ACTIVATE_VERSION", stream: "versions", version },
      );
    await target(generation(1, [1, 2]));
    await target(generation(2, [2, 3]));
    const rows = `SELECT id::int, "_sdc_deleted_at" IS NOT NULL AS gone FROM versions ORDER BY id`;
    expect(await database.query(rows)).toEqual([
      { id: 1, gone: true },
      { id: 2, gone: false },
      { id: 3, gone: false },
    ]);
    await target(generation(3, [3]), { TARGET_POSTGRES_HARD_DELETE: "true" });
    expect(await database.query(rows)).toEqual([{ id: 3, gone: false }]);
  });
});

describe("state", () => {
  test("[STATE-2] comes out after the commit that covers it, the last of each segment, digit for digit", async () => {
    const shape = { id: { type: "integer" } };
    const input = `${lines(schema("s", shape), record("s", { id: 1 }), state(1), record("s", { id: 2 }))}{"type":"STATE","value":{"a":1.10,"b":12345678901234567890}}\n${lines(record("s", { id: 3 }))}`;
    const { stdout, code } = await target(input, { TARGET_POSTGRES_STATE_ID: "pipe" });
    expect(code).toBe(0);
    expect(stdout).toBe('{"a":1.10,"b":12345678901234567890}\n');
    const got = await runProgram(commandPath("target-postgres"), ["--get-state"], {
      environment: { ...database.environment, TARGET_POSTGRES_STATE_ID: "pipe" },
    });
    expect(got.stdout).toBe('{"a":1.10,"b":12345678901234567890}\n');
    const file = join(mkdtempSync(join(tmpdir(), "target-postgres-")), "state.json");
    writeFileSync(file, '{"c":2.50}');
    const set = await runProgram(
      "sh",
      ["-c", `"$0" --set-state "$1" && "$0" --get-state`, commandPath("target-postgres"), file],
      { environment: { ...database.environment, TARGET_POSTGRES_STATE_ID: "pipe" } },
    );
    rmSync(dirname(file), { recursive: true });
    expect(set).toMatchObject({ code: 0, stdout: '{"c":2.50}\n' });
  });

  test("[STATE-3] a slow tap's rows are committed when they have waited long enough", async () => {
    const seen = new Promise<string>((resolve) => {
      target(
        "",
        { TARGET_POSTGRES_BATCH_WAIT_SECONDS: "0.2" },
        {
          input: lines(
            schema("slow", { id: { type: "integer" } }),
            record("slow", { id: 1 }),
            state(9),
          ),
          keepInputOpen: true,
          onStart(child) {
            child.stdout!.once("data", (chunk) => {
              resolve(String(chunk));
              child.stdin!.end();
            });
          },
        },
      );
    });
    expect(await seen).toBe("9\n");
    expect(await database.query("SELECT id::int FROM slow")).toEqual([{ id: 1 }]);
  });

  test("[STATE-4] SIGTERM commits what was read and puts out its state", async () => {
    const result = await target(
      "",
      {},
      {
        input: lines(
          schema("term", { id: { type: "integer" } }),
          record("term", { id: 1 }),
          state(4),
          record("term", { id: 2 }),
          { type: "UNHEARD_OF" },
        ),
        keepInputOpen: true,
        onStart(child) {
          child.stderr!.on("data", (chunk) => {
            if (String(chunk).includes("UNHEARD_OF")) child.kill("SIGTERM");
          });
        },
      },
    );
    expect(result).toMatchObject({ code: 143, stdout: "4\n" });
    expect(await database.query("SELECT id::int FROM term ORDER BY id")).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });
});

describe("bad input", () => {
  const shape = { id: { type: "integer" }, day: { type: ["string", "null"], format: "date" } };

  test("[TGT-13] a bad row is kept with its reason; good rows around it load within max_rejected", async () => {
    const input = lines(
      schema("mixed", shape),
      record("mixed", { id: 1 }),
      record("mixed", { id: "secret value" }),
      record("mixed", { id: 2, day: "2023-02-29" }),
      record("mixed", { day: "2023-02-28" }),
      record("mixed", { id: 3 }),
      state(1),
    );
    const { code, stdout, stderr } = await target(input, { TARGET_POSTGRES_MAX_REJECTED: "3" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1\n" });
    expect(stderr).not.toContain("secret value");
    expect(await database.query("SELECT id::int FROM mixed ORDER BY id")).toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    expect(
      await database.query("SELECT reason, record FROM _rejected WHERE stream = 'mixed'"),
    ).toEqual([
      { reason: "id is not of type integer", record: { id: "secret value" } },
      {
        reason: "day is not a date that PostgreSQL can hold",
        record: { id: 2, day: "2023-02-29" },
      },
      { reason: "the key property id is missing or null", record: { day: "2023-02-28" } },
    ]);
  });

  test("[TGT-14] beyond max_rejected: exit 5, good rows before it committed, the state before it out", async () => {
    const { code, stdout } = await target(
      lines(
        schema("strict", shape),
        record("strict", { id: 1 }),
        state(1),
        record("strict", { id: "x" }),
        record("strict", { id: 2 }),
        state(2),
      ),
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "1\n" });
    expect(await database.query("SELECT id::int FROM strict")).toEqual([{ id: 1 }]);
  });

  test.each([
    ["not JSON", "{\n", /line 3 is not valid JSON/],
    ["a bare NaN", '{"type":"RECORD","stream":"cut","record":{"id":NaN}}\n', /line 3 is not valid/],
    ["a cut line", '{"type":"RECO', /ends in the middle of line 3/],
    ["no type", "{}\n", /line 3: a message needs a type/],
    ["a RECORD before its SCHEMA", lines(record("other", {})), /RECORD of other came before/],
    ["BATCH", lines({ type: "BATCH", stream: "cut" }), /BATCH/],
  ])("[EXIT-5] [WIRE-5] %s: exit 5, the rows before it are committed", async (_, bad, message) => {
    await database.query("DROP TABLE IF EXISTS cut");
    const { code, stderr } = await target(
      lines(schema("cut", shape), record("cut", { id: 1 })) + bad,
    );
    expect(code).toBe(5);
    expect(stderr.trim().split("\n").at(-1)).toMatch(message);
    expect(await database.query("SELECT id::int FROM cut")).toEqual([{ id: 1 }]);
  });

  test.each([
    ["wrong password", { PG_PASSWORD: "wrong" }, 3, /refused the user or password/],
    ["missing database", { PG_DATABASE: "nowhere" }, 2, /database "nowhere" does not exist/],
    ["no server", { PG_PORT: "1" }, 4, /127.0.0.1:1\/.* is not available/],
    ["no user", { PG_USERNAME: "" }, 2, /user is missing \(or set PG_USERNAME\)/],
  ])("[EXIT-2] [EXIT-4] %s", async (_, settings, expected, message) => {
    const { code, stderr } = await target("", settings);
    expect(code).toBe(expected);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(message)]);
  });

  test("[EXIT-3] a missing privilege: exit 3, the message names the grant", async () => {
    const [{ current_database: name } = { current_database: "" }] = await database.query<{
      current_database: string;
    }>("SELECT current_database()");
    await database.query(`CREATE ROLE reader_${name} LOGIN PASSWORD 'reader'`);
    const { code, stderr } = await target(
      lines(schema("fresh-table", { id: { type: "integer" } }), record("fresh-table", { id: 1 })),
      { PG_USERNAME: `reader_${name}`, PG_PASSWORD: "reader" },
    );
    await database.query(`DROP ROLE reader_${name}`);
    expect(code).toBe(3);
    expect(stderr).toMatch(/GRANT CREATE ON DATABASE/);
  });

  test.each([
    ["a number beyond numeric", '{"id":2,"j":1e999999999}', /more digits than numeric can hold/],
    ["such a number inside an object", '{"id":2,"j":{"a":[-1e999999999]}}', /more digits than/],
    [
      "nesting without end",
      `{"id":2,"j":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
      /nested too deeply/,
    ],
  ])("[TGT-13] %s is a rejected row, the good ones around it load", async (_, row, reason) => {
    await database.query("DROP TABLE IF EXISTS beyond, _rejected");
    const bad = `{"type":"RECORD","stream":"beyond","record":${row}}\n`;
    const { code } = await target(
      lines(schema("beyond", { id: { type: "integer" }, j: {} }), record("beyond", { id: 1 })) +
        bad +
        lines(record("beyond", { id: 3 })),
      { TARGET_POSTGRES_MAX_REJECTED: "1" },
    );
    expect(code).toBe(0);
    expect(await database.query("SELECT id::int FROM beyond ORDER BY id")).toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    const [kept] = await database.query<{ reason: string }>("SELECT reason FROM _rejected");
    expect(kept!.reason).toMatch(reason);
  });

  test.each([
    [
      "too many columns",
      schema("wide", Object.fromEntries(Array.from({ length: 1700 }, (_, i) => [`c${i}`, {}])), []),
      /wide has 1706 columns, PostgreSQL holds 1600/,
    ],
    [
      "one of the target's own names",
      schema("_rejected", { id: {} }),
      /_rejected: the table name _rejected is kept/,
    ],
    [
      "a key that is no property",
      schema("keyless", { a: {} }),
      /key property id is not in its schema/,
    ],
  ])("[EXIT-5] %s: one line that names the stream", async (_, message, expected) => {
    const { code, stderr } = await target(lines(message));
    expect(code).toBe(5);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(expected)]);
  });

  test("[EXIT-5] a view that does not bear the wider column is named", async () => {
    await target(
      lines(
        schema("under", { id: { type: "integer" }, n: { type: "integer" } }),
        record("under", { id: 1, n: 1 }),
      ),
    );
    await database.query("CREATE VIEW sums AS SELECT n + 1 AS next FROM under");
    const { code, stderr } = await target(
      lines(
        schema("under", { id: { type: "integer" }, n: { type: "string" } }),
        record("under", { id: 2, n: "x" }),
      ),
    );
    expect(code).toBe(5);
    expect(stderr).toMatch(/view public.sums cannot be made again/);
    expect(await database.query("SELECT next::int FROM sums")).toEqual([{ next: 2 }]);
  });

  test("[EXIT-2] a connection string that is none; a server that only reads is not available", async () => {
    const garbage = await target("", { TARGET_POSTGRES_CONNECTION_STRING: "garbage" });
    expect(garbage).toMatchObject({ code: 2 });
    const good = await target("", {
      TARGET_POSTGRES_CONNECTION_STRING: database.connectionString.replace(
        "postgresql:",
        "postgresql+psycopg2:",
      ),
    });
    expect(good).toMatchObject({ code: 0 });
    const reading = await target(lines(schema("read", { id: {} }), record("read", { id: 1 })), {
      PGOPTIONS: "-c default_transaction_read_only=on",
    });
    expect(reading).toMatchObject({ code: 4 });
  });

  test("unknown types are passed by with one warning", async () => {
    const { code, stderr } = await target(lines({ type: "NEWS" }, { type: "NEWS" }));
    expect(code).toBe(0);
    expect(stderr.match(/unknown type NEWS/g)).toHaveLength(1);
  });
});

test("[CLI-1] --help, --version and --about need no settings", async () => {
  const command = commandPath("target-postgres");
  for (const flag of ["--help", "--version", "--about"]) {
    expect(await runProgram(command, [flag])).toMatchObject({ code: 0, stderr: "" });
  }
  const { stdout } = await runProgram(command, ["--about", "--format", "json"]);
  expect(JSON.parse(stdout).capabilities).toContain("state-id");
  expect(await runProgram(command, ["--nonsense"])).toMatchObject({ code: 2 });
});

test("[STATE-7] a stream without a key waits for its STATE too, under upsert", async () => {
  const { code, stdout, stderr } = await target(
    lines(
      schema("tail", { id: { type: "integer" } }, []),
      record("tail", { id: 1 }),
      state(1),
      record("tail", { id: 2 }),
    ),
    { TARGET_POSTGRES_STATE_ID: "tail" },
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: "1\n" });
  expect(stderr).toMatch(/rows behind the last STATE were not committed/);
  expect(await database.query("SELECT id::int FROM tail")).toEqual([{ id: 1 }]);
});

test("[STATE-7] append-only with state_id: killed at any moment and run again, each row is there once", async () => {
  const rows = 4000;
  const properties = { id: { type: "integer" } };
  const all = Array.from({ length: rows }, (_, id) => [
    record("once", { id }),
    ...(id % 97 === 96 ? [state({ next: id + 1 })] : []),
  ]).flat();
  const settings = {
    TARGET_POSTGRES_STATE_ID: "once",
    TARGET_POSTGRES_LOAD_METHOD: "append-only",
    TARGET_POSTGRES_BATCH_SIZE_ROWS: "150",
  };
  const readState = async () => {
    const { stdout } = await runProgram(commandPath("target-postgres"), ["--get-state"], {
      environment: { ...database.environment, ...settings },
    });
    return stdout === "" ? 0 : Number(JSON.parse(stdout).next);
  };
  for (const killAfter of [1, 3, 9, Number.POSITIVE_INFINITY]) {
    const next = await readState();
    const rest = all.slice(
      all.findIndex((m) => "record" in m && (m.record as { id: number }).id >= next),
    );
    let states = 0;
    await target("", settings, {
      input: lines(schema("once", properties), ...rest, state({ next: rows })),
      onStart(child) {
        child.stdout!.on("data", (chunk) => {
          states += String(chunk).split("\n").length - 1;
          if (states >= killAfter) child.kill("SIGKILL");
        });
      },
    });
    const [{ n } = { n: 0 }] = await database.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM once",
    );
    expect(n).toBe(await readState());
  }
  expect(
    await database.query("SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM once"),
  ).toEqual([{ n: rows, ids: rows }]);
});
