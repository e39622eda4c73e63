/** Bad rows, bad lines, bad settings: what is kept, what is said, which exit code. */
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const { database, target } = useTarget();

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
