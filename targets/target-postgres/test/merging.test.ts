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
});
