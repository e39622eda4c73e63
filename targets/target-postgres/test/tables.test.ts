/** Which tables come of which schemas, and how values arrive in them. */
import { createHash } from "node:crypto";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const { database, target, types } = useTarget();

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

  test("[TGT-19] columns that stopped arriving or are new are named once", async () => {
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
    const more = await target(lines(schema("moved", { ...first, ...second, more: {} })));
    expect(more.stderr).toContain("INFO moved: columns that are new stopped= added=more");
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

  test("[TGT-6] a column that widens in the middle of a segment takes the rows before and after", async () => {
    for (const key of [["id"], []]) {
      const stream = `midway_${key.length}`;
      const input = [
        JSON.stringify(schema(stream, { id: { type: "integer" }, n: { type: "integer" } }, key)),
        ...["1", "9223372036854775807", "9223372036854775808", "4", "5"].map(
          (n, id) => `{"type":"RECORD","stream":"${stream}","record":{"id":${id},"n":${n}}}`,
        ),
      ];
      expect(await target(`${input.join("\n")}\n`)).toMatchObject({ code: 0 });
      expect(await database.query(`SELECT n::text FROM ${stream} ORDER BY id`)).toEqual([
        { n: "1" },
        { n: "9223372036854775807" },
        { n: "9223372036854775808" },
        { n: "4" },
        { n: "5" },
      ]);
    }
  });

  test("[TGT-7] a text of many megabytes arrives as it was", async () => {
    const text = "a\n\u00e9".repeat(8_000_000);
    const messages = lines(
      schema("huge", { id: { type: "integer" }, t: { type: "string" } }),
      record("huge", { id: 1, t: text }),
      record("huge", { id: 2, t: "small" }),
    );
    expect(await target(messages)).toMatchObject({ code: 0 });
    expect(
      await database.query("SELECT length(t) AS length, md5(t) AS hash FROM huge ORDER BY id"),
    ).toEqual([
      { length: text.length, hash: createHash("md5").update(text).digest("hex") },
      { length: 5, hash: createHash("md5").update("small").digest("hex") },
    ]);
  });

  test("a time of day with an offset widens its column to text instead of losing it", async () => {
    const clock = { type: "string", format: "time" };
    const input = lines(
      schema("clocks", { id: { type: "integer" }, at: clock }),
      record("clocks", { id: 1, at: "10:11" }),
      record("clocks", { id: 2, at: "10:11:12.50+02:00" }),
    );
    expect(await target(input)).toMatchObject({ code: 0 });
    expect(await database.query("SELECT at FROM clocks ORDER BY id")).toEqual([
      { at: "10:11:00" },
      { at: "10:11:12.50+02:00" },
    ]);
  });
});
