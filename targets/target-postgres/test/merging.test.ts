/** Rows that meet rows of the same key. */
import { lines, record, schema, useTarget } from "./use-target.ts";

const { database, target } = useTarget();

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

  test("[TGT-24] a row that comes with _sdc_deleted_at is marked, or deleted with hard_delete", async () => {
    const properties = {
      id: { type: "integer" },
      _sdc_deleted_at: { type: ["string", "null"], format: "date-time" },
    };
    const gone = { id: 2, _sdc_deleted_at: "2024-01-01T00:00:00Z" };
    await target(
      lines(schema("marked", properties), record("marked", { id: 1 }), record("marked", gone)),
    );
    await target(
      lines(
        schema("removed", properties),
        record("removed", { id: 1 }),
        record("removed", { id: 2 }),
        record("removed", { id: 3, _sdc_deleted_at: null }),
        record("removed", gone),
      ),
      { TARGET_POSTGRES_HARD_DELETE: "true", TARGET_POSTGRES_BATCH_SIZE_ROWS: "2" },
    );
    const rows = (table: string) =>
      database.query(`SELECT id::int, "_sdc_deleted_at"::text AS at FROM ${table} ORDER BY id`);
    expect(await rows("marked")).toEqual([
      { id: 1, at: null },
      { id: 2, at: "2024-01-01 00:00:00+00" },
    ]);
    expect(await rows("removed")).toEqual([
      { id: 1, at: null },
      { id: 3, at: null },
    ]);
  });

  test("keys that come twice fold on the quick way as on the plain one, new tables and old", async () => {
    const properties = { id: { type: "integer" }, a: { type: "string" }, b: { type: "string" } };
    const input = lines(
      schema("twice", properties),
      ...Array.from({ length: 200 }, (_, at) =>
        record("twice", at % 3 === 0 ? { id: at % 7, a: `${at}` } : { id: at % 7, b: `${at}` }),
      ),
    );
    const expected = Array.from({ length: 7 }, (_, id) => {
      const of = Array.from({ length: 200 }, (_, at) => at).filter((at) => at % 7 === id);
      const last = (third: boolean) => of.findLast((at) => (at % 3 === 0) === third);
      return { id, a: `${last(true)}`, b: `${last(false)}` };
    });
    for (const size of ["50000", "10", "3"]) {
      expect(await target(input, { TARGET_POSTGRES_BATCH_SIZE_ROWS: size })).toMatchObject({
        code: 0,
      });
      expect(await database.query("SELECT id::int, a, b FROM twice ORDER BY id")).toEqual(expected);
      if (size === "10") await database.query("DROP TABLE twice");
    }
  });

  test("columns whose types are not ours are kept and cast to", async () => {
    await database.query(
      `CREATE TABLE foreign_types (id integer PRIMARY KEY, code varchar(9), token uuid, at timestamp, ratio float8)`,
    );
    const properties = {
      id: { type: "integer" },
      code: { type: "string" },
      token: { type: "string", format: "uuid" },
      at: { type: "string", format: "date-time" },
      ratio: { type: "number" },
    };
    const token = "6f1c1ad3-3f9b-4c30-9c7e-0d9a5d9f8a11";
    const row = { id: 1, code: "x", token, at: "2024-01-01T01:00:00+01:00", ratio: 0.25 };
    const run = await target(
      lines(schema("foreign_types", properties), record("foreign_types", row)),
    );
    expect(run).toMatchObject({ code: 0 });
    expect(
      await database.query("SELECT id, code, token, at::text, ratio FROM foreign_types"),
    ).toEqual([{ id: 1, code: "x", token, at: "2024-01-01 00:00:00", ratio: 0.25 }]);
  });
});
