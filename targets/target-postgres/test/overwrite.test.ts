import pg from "pg";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const overwrite = { TARGET_POSTGRES_LOAD_METHOD: "overwrite" };
const id = { id: { type: "integer" } };

describe("overwrite", () => {
  const { database, target } = useTarget();
  const ids = async (table: string) =>
    (await database.query<{ id: number }>(`SELECT id::int FROM ${table} ORDER BY id`)).map(
      (row) => row.id,
    );
  const load = (stream: string, from: number, to: number, more: object[] = []) =>
    target(
      lines(
        schema(stream, id),
        ...Array.from({ length: to - from }, (_, at) => record(stream, { id: from + at })),
        ...more,
      ),
      { ...overwrite, TARGET_POSTGRES_BATCH_SIZE_ROWS: "3" },
    );

  test("[TGT-21] the rows of a run take the place of the table's, whose views and grants stay", async () => {
    expect(await load("fresh", 0, 10, [state(1)])).toMatchObject({ code: 0, stdout: "1\n" });
    await database.query("CREATE VIEW seen AS SELECT id FROM fresh");
    await database.query("GRANT SELECT ON fresh TO PUBLIC");
    expect(await load("fresh", 5, 8, [state(2)])).toMatchObject({ code: 0, stdout: "2\n" });
    expect(await ids("seen")).toEqual([5, 6, 7]);
    expect(
      await database.query("SELECT has_table_privilege('pg_monitor', 'fresh', 'SELECT') AS may"),
    ).toEqual([{ may: true }]);
  });

  test("[TGT-21] a stream without rows leaves an empty table", async () => {
    await load("emptied", 0, 3);
    expect(await load("emptied", 0, 0)).toMatchObject({ code: 0 });
    expect(await ids("emptied")).toEqual([]);
  });

  test("[TGT-21] a wider column widens, one that no longer comes stays", async () => {
    const wide = { ...id, a: { type: "integer" }, b: { type: "string" } };
    await target(
      lines(schema("shaped", wide), record("shaped", { id: 1, a: 1, b: "x" })),
      overwrite,
    );
    const next = { ...id, a: { type: "string" } };
    await target(lines(schema("shaped", next), record("shaped", { id: 2, a: "y" })), overwrite);
    expect(await database.query("SELECT id::int, a, b FROM shaped")).toEqual([
      { id: 2, a: "y", b: null },
    ]);
  });

  test("[TGT-21] keys fold, and rows of a stream without a key stand side by side", async () => {
    const input = lines(
      schema("folded", { ...id, a: { type: "string" } }),
      schema("beside", id, []),
      ...[1, 2, 1, 3, 2].flatMap((key, at) => [
        record("folded", { id: key, a: `${at}` }),
        record("beside", { id: key }),
      ]),
    );
    await target(input, { ...overwrite, TARGET_POSTGRES_BATCH_SIZE_ROWS: "3" });
    expect(await database.query("SELECT id::int, a FROM folded ORDER BY id")).toEqual([
      { id: 1, a: "2" },
      { id: 2, a: "4" },
      { id: 3, a: "3" },
    ]);
    expect(await ids("beside")).toEqual([1, 1, 2, 2, 3]);
  });

  test.each([
    ["a broken line", '{"type":\n'],
    ["a bad row", lines(record("kept", { id: "x" }))],
    ["an end behind the last STATE", lines(state(9), record("kept", { id: 99 }))],
  ])("[TGT-21] after %s the table is as it was, and no STATE comes out", async (_, ending) => {
    await load("kept", 0, 3);
    const input = lines(schema("kept", id), record("kept", { id: 50 }), state(8)) + ending;
    const settings = { ...overwrite, TARGET_POSTGRES_BATCH_SIZE_ROWS: "1" };
    expect(await target(input, settings)).toMatchObject({ code: 5, stdout: "" });
    expect(await ids("kept")).toEqual([0, 1, 2]);
  });

  test("[TGT-21] a bad row that ended a run is kept in _rejected", async () => {
    const input = lines(schema("judged", id), record("judged", { id: "x" }));
    expect(await target(input, overwrite)).toMatchObject({ code: 5 });
    expect(
      await database.query("SELECT count(*)::int AS n FROM _rejected WHERE stream = 'judged'"),
    ).toEqual([{ n: 1 }]);
  });

  test("[TGT-21] a reader in the middle of a transaction goes on seeing the old rows", async () => {
    await load("watched", 0, 3);
    const reader = new pg.Client({ connectionString: database.connectionString });
    await reader.connect();
    try {
      await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM watched LIMIT 0");
      await load("watched", 7, 8);
      const { rows } = await reader.query("SELECT id::int FROM watched ORDER BY id");
      expect(rows).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
    } finally {
      await reader.end();
    }
    expect(await ids("watched")).toEqual([7]);
  });

  test("[TGT-21] with a stored state, it is the last one of the run", async () => {
    const settings = {
      ...overwrite,
      TARGET_POSTGRES_STATE_ID: "o",
      TARGET_POSTGRES_BATCH_SIZE_ROWS: "1",
    };
    const input = lines(
      schema("stored", id),
      record("stored", { id: 1 }),
      state(1),
      record("stored", { id: 2 }),
      state(2),
    );
    expect(await target(input, settings)).toMatchObject({ code: 0, stdout: "2\n" });
    expect(await database.query("SELECT state FROM _state WHERE state_id = 'o'")).toEqual([
      { state: "2" },
    ]);
  });
});
