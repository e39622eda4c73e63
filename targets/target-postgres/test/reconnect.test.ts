import { once } from "node:events";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const id = { id: { type: "integer" } };
const batches = 60;
const rows = 50;

/** So many records, then a STATE with their number. */
function batch(number: number): string {
  const first = number * rows;
  const records = Array.from({ length: rows }, (_, at) => [
    record("appended", { id: first + at, filler: "x".repeat(200) }),
    record("merged", { id: (first + at) % 100, last: first + at }),
  ]).flat();
  return lines(...records, state(number));
}

describe("a connection that is lost", () => {
  const { database, target } = useTarget();
  const ourConnections = "application_name = 'target-postgres' AND datname = current_database()";
  const terminate = () =>
    database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ourConnections}`,
    );

  test("[TGT-23] is made again with what was not committed: every row once, every STATE after its rows", async () => {
    const run = await target(
      lines(
        schema("appended", { ...id, filler: { type: "string" } }, []),
        schema("merged", { ...id, last: { type: "integer" } }),
      ),
      { TARGET_POSTGRES_BATCH_SIZE_ROWS: "70" },
      {
        keepInputOpen: true,
        onStart: async ({ stdin }) => {
          for (let number = 0; number < batches; number += 1) {
            if (!stdin!.write(batch(number))) await once(stdin!, "drain");
            if (number % 5 === 4) await terminate();
          }
          stdin!.end();
        },
      },
    );
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toContain("connection lost; trying again");
    expect(run.stdout.trim().split("\n").at(-1)).toBe(String(batches - 1));
    expect(
      await database.query(
        "SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM appended",
      ),
    ).toEqual([{ rows: batches * rows, ids: batches * rows }]);
    expect(
      await database.query("SELECT count(*)::int AS rows, min(last)::int AS first FROM merged"),
    ).toEqual([{ rows: 100, first: batches * rows - 100 }]);
  });

  test("[TGT-23] ends the run with exit 4 when reconnect_seconds are over", async () => {
    const run = await target(
      lines(schema("given_up", id), record("given_up", { id: 1 })),
      { TARGET_POSTGRES_RECONNECT_SECONDS: "0" },
      {
        keepInputOpen: true,
        onStart: async ({ stdin }) => {
          for (;;) {
            const ended = (await terminate()).length > 0;
            if (ended) break;
          }
          stdin!.end();
        },
      },
    );
    expect(run.code).toBe(4);
  });

  test("[TGT-23] ends an overwrite with exit 4, and the table stays as it was", async () => {
    const settings = {
      TARGET_POSTGRES_LOAD_METHOD: "overwrite",
      TARGET_POSTGRES_BATCH_SIZE_ROWS: "1",
    };
    const old = await target(lines(schema("whole", id), record("whole", { id: 1 })), settings);
    expect(old.code).toBe(0);
    const run = await target(lines(schema("whole", id), record("whole", { id: 2 })), settings, {
      keepInputOpen: true,
      onStart: async ({ stdin }) => {
        for (;;) {
          const [{ loading }] = (await database.query<{ loading: boolean }>(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'whole' AND relpersistence = 't') AS loading",
          )) as [{ loading: boolean }];
          if (loading) break;
        }
        await terminate();
        stdin!.end(lines(record("whole", { id: 3 })));
      },
    });
    expect(run.code).toBe(4);
    expect(await database.query("SELECT id::int FROM whole")).toEqual([{ id: 1 }]);
  });
});
