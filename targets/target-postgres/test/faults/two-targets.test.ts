/** Two targets at work on the same tables at once: both end well, no row is missing. */
import type { ProgramResult } from "@bizops/testkit";
import pg from "pg";
import { lines, record, schema, state, useTarget } from "../use-target.ts";
import { feedInSteps } from "./feed-in-steps.ts";
import { startTogether } from "./start-together.ts";

const { database, target } = useTarget();
/** Many segments, so that those of one meet those of the other. */
const small = { TARGET_POSTGRES_BATCH_SIZE_ROWS: "100" };
const id = { id: { type: "integer" } };
const count = 6000;

/** A target's input: what both read before any goes on, and the rest. */
interface Part {
  readonly opening: string;
  readonly rest: string;
  readonly settings?: { readonly [name: string]: string };
}

const start = (...parts: Part[]) =>
  startTogether(
    target,
    parts.map(({ opening, settings }) => ({ opening, settings: { ...small, ...settings } })),
  );

function expectSuccess(results: readonly ProgramResult[]): void {
  const ends = results.map(({ code, stderr }) => [code, /^CRITICAL .*/m.exec(stderr)?.[0]]);
  expect(ends).toEqual([
    [0, undefined],
    [0, undefined],
  ]);
}

/** Both at once. */
async function both(first: Part, second: Part): Promise<void> {
  const [one, two] = await start(first, second);
  expectSuccess(await Promise.all([one!.goOn(first.rest), two!.goOn(second.rest)]));
}

/** The one waits in the middle of its input, what it has read being committed, until the other has ended. */
async function inBetween(before: string, other: string, after: string): Promise<void> {
  let between: ProgramResult | undefined;
  const rest = async () => {
    between = await target(other, small);
    return after + lines(state(2));
  };
  const settings = { TARGET_POSTGRES_BATCH_SIZE_ROWS: "1" };
  const around = await target("", settings, feedInSteps([before + lines(state(1)), rest]));
  expectSuccess([around, between!]);
}

/** One record a number from 0 up. */
const rows = (stream: string, make: (n: number) => object, upTo = count) =>
  lines(...Array.from({ length: upTo }, (_, n) => record(stream, make(n))));

describe("rows", () => {
  test("of interleaved and of equal keys, into a table that is missing at first", async () => {
    const shape = { ...id, even: { type: "integer" }, odd: { type: "integer" } };
    const opening = lines(schema("shared", shape));
    // Every third key comes from both, each with a property of its own.
    const part = (name: "even" | "odd", rest: number): Part => ({
      opening,
      rest: rows("shared", (n) => ({ id: n % 3 === 0 ? n : 2 * count + 2 * n + rest, [name]: n })),
    });
    await both(part("even", 0), part("odd", 1));
    const [found] = await database.query(
      `SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids,
              count(*) FILTER (WHERE even = odd AND even = id)::int AS of_both,
              count(*) FILTER (WHERE even = (id - 2 * ${count}) / 2)::int AS even,
              count(*) FILTER (WHERE odd = (id - 2 * ${count} - 1) / 2)::int AS odd
         FROM shared`,
    );
    const alone = (count / 3) * 2;
    expect(found).toEqual({
      rows: count / 3 + 2 * alone,
      ids: count / 3 + 2 * alone,
      of_both: count / 3,
      even: alone,
      odd: alone,
    });
  });

  test("of keys that the other has loaded meanwhile are merged", async () => {
    const shape = lines(
      schema("meanwhile", { ...id, one: { type: "integer" }, two: { type: "integer" } }),
    );
    const upTo = (n: number, name: string) => rows("meanwhile", (i) => ({ id: i, [name]: i }), n);
    await inBetween(shape + upTo(1, "one"), shape + upTo(200, "two"), upTo(300, "one"));
    expect(
      await database.query(
        "SELECT count(*)::int AS n, count(one)::int AS one, count(two)::int AS two FROM meanwhile",
      ),
    ).toEqual([{ n: 300, one: 300, two: 200 }]);
  });

  test("of a stream without a key, into a table that is missing at first", async () => {
    const part: Part = {
      opening: lines(schema("logged", id, [])),
      rest: rows("logged", (n) => ({ id: n })),
    };
    await both(part, part);
    expect(
      await database.query("SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM logged"),
    ).toEqual([{ n: 2 * count, ids: count }]);
  });

  test("of streams in opposite order within a segment", async () => {
    const opening = lines(schema("left", id), schema("right", id));
    const inTurn = (...streams: string[]) =>
      lines(
        ...Array.from({ length: count }, (_, n) =>
          streams.map((stream) => record(stream, { id: n })),
        ).flat(),
      );
    await both(
      { opening, rest: inTurn("left", "right") },
      { opening, rest: inTurn("right", "left") },
    );
    for (const table of ["left", "right"]) {
      expect(await database.query(`SELECT count(*)::int AS n FROM "${table}"`)).toEqual([
        { n: count },
      ]);
    }
  });

  test("of streams in opposite order that come with ACTIVATE_VERSION", async () => {
    const opening = lines(schema("up", id), schema("down", id));
    const generations = (...streams: string[]) =>
      Array.from({ length: 40 }, (_, version) =>
        lines(
          ...streams.map((stream) => record(stream, { id: version }, { version })),
          ...[...streams]
            .reverse()
            .map((stream) => ({ type: "ACTIVATE_VERSION", stream, version })),
        ),
      ).join("");
    await both(
      { opening, rest: generations("up", "down") },
      { opening, rest: generations("down", "up") },
    );
    for (const table of ["up", "down"]) {
      expect(await database.query(`SELECT count(*)::int AS n FROM ${table}`)).toEqual([{ n: 40 }]);
    }
  });
});

describe("shapes", () => {
  test("each adds columns, one of them the same", async () => {
    await target(lines(schema("grown", id), record("grown", { id: 0 })));
    const part = (name: string, from: number): Part => {
      const shape = { ...id, same: { type: "integer" }, [name]: { type: "integer" } };
      return {
        opening: lines(schema("grown", shape)),
        rest: rows("grown", (n) => ({ id: 2 * n + from, same: n, [name]: n })),
      };
    };
    await both(part("one", 1), part("two", 2));
    expect(
      await database.query(
        "SELECT count(*)::int AS n, count(same)::int AS same, count(one)::int AS one, count(two)::int AS two FROM grown",
      ),
    ).toEqual([{ n: 2 * count + 1, same: 2 * count, one: count, two: count }]);
  });

  /** What the one sends before and after, what the other sends in between, and what is there then. */
  const wider: {
    readonly name: string;
    readonly narrow: object;
    readonly values: readonly [unknown, unknown];
    readonly wide: object;
    readonly other: unknown;
    readonly found: readonly string[];
    readonly read?: string;
  }[] = [
    {
      name: "integer and text",
      narrow: { type: "integer" },
      values: [5, 6],
      wide: { type: "string" },
      other: "t",
      found: ["5", "t", "6"],
    },
    {
      name: "integer and number",
      narrow: { type: "integer" },
      values: [5, 6],
      wide: { type: "number" },
      other: 0.5,
      found: ["5", "0.5", "6"],
    },
    {
      name: "integer and object",
      narrow: { type: "integer" },
      values: [5, 6],
      wide: { type: "object" },
      other: { a: 1 },
      found: ["5", '{"a": 1}', "6"],
    },
    {
      name: "text and array",
      narrow: { type: "string" },
      values: ["x", "y"],
      wide: { type: "array" },
      other: [1],
      found: ['"x"', "[1]", '"y"'],
    },
    {
      name: "date and date-time",
      narrow: { type: "string", format: "date" },
      values: ["2024-02-28", "2024-02-29"],
      wide: { type: "string", format: "date-time" },
      other: "2024-02-28T12:00:00Z",
      read: "(v AT TIME ZONE 'UTC')",
      found: ["2024-02-28 00:00:00", "2024-02-28 12:00:00", "2024-02-29 00:00:00"],
    },
  ];
  test.each(wider)(
    "one widens a column under the other: $name, with and without a key",
    async (each) => {
      const { narrow, values, wide, other, found, read = "v" } = each;
      await database.query("DROP TABLE IF EXISTS keyed, keyless");
      const shapes = (v: object) =>
        lines(schema("keyed", { ...id, v }), schema("keyless", { ...id, v }, []));
      const row = (n: number, v: unknown) =>
        lines(record("keyed", { id: n, v }), record("keyless", { id: n, v }));
      await inBetween(
        shapes(narrow) + row(1, values[0]),
        shapes(wide) + row(2, other),
        row(3, values[1]),
      );
      for (const table of ["keyed", "keyless"]) {
        const rows = await database.query(`SELECT ${read}::text AS v FROM ${table} ORDER BY id`);
        expect(rows.map(({ v }) => v)).toEqual(found);
      }
    },
  );

  test("a column is widened by hand under a target, with and without a key", async () => {
    const shape = { ...id, v: { type: "integer" } };
    const row = (n: number) =>
      lines(record("by_hand", { id: n, v: n }), record("by_hand_too", { id: n, v: n }));
    const widen = async () => {
      for (const table of ["by_hand", "by_hand_too"]) {
        await database.query(`ALTER TABLE ${table} ALTER COLUMN v TYPE numeric`);
      }
      return row(6) + lines(state(2));
    };
    const opening = lines(schema("by_hand", shape), schema("by_hand_too", shape, []));
    const settings = { TARGET_POSTGRES_BATCH_SIZE_ROWS: "1" };
    const steps = [opening + row(5) + lines(state(1)), widen];
    expect(await target("", settings, feedInSteps(steps))).toMatchObject({ code: 0 });
    for (const table of ["by_hand", "by_hand_too"]) {
      expect(await database.query(`SELECT v::text FROM ${table} ORDER BY id`)).toEqual([
        { v: "5" },
        { v: "6" },
      ]);
    }
  });

  test("one widens the key under the other", async () => {
    const shape = (type: string) => lines(schema("keys", { id: { type }, v: { type: "integer" } }));
    const row = (key: unknown, v: number) => lines(record("keys", { id: key, v }));
    await inBetween(
      shape("integer") + row(1, 1),
      shape("string") + row("1", 2) + row("t", 3),
      row(1, 4) + row(2, 5),
    );
    expect(await database.query("SELECT id, v::int FROM keys ORDER BY v")).toEqual([
      { id: "t", v: 3 },
      { id: "1", v: 4 },
      { id: "2", v: 5 },
    ]);
  });
});

describe("what neither found", () => {
  /** Waits until so many of the target's connections wait for a lock, or the other thing has happened. */
  async function untilLocked(waiting: number, otherwise: Promise<unknown>): Promise<void> {
    let happened = false;
    const end = () => {
      happened = true;
    };
    otherwise.then(end, end);
    while (!happened) {
      const [found] = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'target-postgres'
            AND wait_event_type = 'Lock'`,
      );
      if (found!.n >= waiting) return;
    }
  }

  beforeAll(async () => {
    await target(lines(schema("gated", id), record("gated", { id: 0 })));
    // A transaction that writes into this table waits in its COMMIT.
    await database.query(
      `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         PERFORM pg_advisory_xact_lock(7); RETURN NULL;
       END $$;
       CREATE CONSTRAINT TRIGGER gate AFTER INSERT OR UPDATE ON gated DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION wait()`,
    );
  });

  /** The first waits in its COMMIT while the second does what it can. */
  async function meet(make: (name: string) => Part): Promise<void> {
    const blocker = new pg.Client({ connectionString: database.connectionString });
    await blocker.connect();
    await blocker.query("SELECT pg_advisory_lock(7)");
    const [first, second] = [make("one"), make("two")];
    const gated = lines(schema("gated", id), record("gated", { id: 1 }));
    const [one, two] = await start(first, second);
    const ends = [one!.goOn(gated + first.rest)];
    await untilLocked(1, ends[0]!);
    ends.push(two!.goOn(second.rest));
    await untilLocked(2, ends[1]!);
    await blocker.end();
    expectSuccess(await Promise.all(ends));
  }

  test("a schema for tables of each is made once", async () => {
    await meet((name) => ({
      opening: lines(schema(`young-${name}`, id)),
      rest: lines(record(`young-${name}`, { id: 1 })),
    }));
    expect(await database.query("SELECT FROM young.one, young.two")).toHaveLength(1);
  });

  test("the table of rejected rows is made once", async () => {
    await meet((name) => ({
      opening: lines(schema(name, id)),
      rest: lines(record(name, { id: 1 }), record(name, { id: "bad" })),
      settings: { TARGET_POSTGRES_MAX_REJECTED: "1" },
    }));
    expect(await database.query("SELECT stream FROM _rejected ORDER BY stream")).toEqual([
      { stream: "one" },
      { stream: "two" },
    ]);
  });

  test("the table of stored states is made once", async () => {
    await meet((name) => ({
      opening: lines(schema(name, id)),
      rest: lines(record(name, { id: 1 }), state(name)),
      settings: { TARGET_POSTGRES_STATE_ID: name },
    }));
    expect(await database.query("SELECT state FROM _state ORDER BY state")).toEqual([
      { state: '"one"' },
      { state: '"two"' },
    ]);
  });
});
