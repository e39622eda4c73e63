/** When STATE comes out, and what is in the warehouse then. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commandPath, runProgram } from "@bizops/testkit";
import { lines, record, schema, state, useTarget } from "./use-target.ts";

const { database, target } = useTarget();

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
