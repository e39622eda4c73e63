/** A server that refuses: limits of time and room, rules, privileges. Nothing is lost, the message tells. */
import { type ProgramResult, startOwnServer } from "@bizops/testkit";
import pg from "pg";
import { lines, record, schema, state, useTarget } from "../use-target.ts";
import { feedInSteps } from "./feed-in-steps.ts";

const { database, target } = useTarget();
/** Everything read is a segment; what does not pass is not tried again for long. */
const small = { TARGET_POSTGRES_BATCH_SIZE_ROWS: "1", TARGET_POSTGRES_RECONNECT_SECONDS: "2" };
const id = { id: { type: "integer" } };

const ids = async (table: string) =>
  (await database.query<{ id: number }>(`SELECT id::int FROM ${table} ORDER BY id`)).map(
    (row) => row.id,
  );

let roles = 0;
/** A role that may do nothing but connect, and what makes the target use it. */
async function createRole() {
  roles += 1;
  const name = `role${roles}_${database.environment.PG_DATABASE}`;
  await database.query(`CREATE ROLE ${name} LOGIN PASSWORD 'role'`);
  return { name, settings: { PG_USERNAME: name, PG_PASSWORD: "role", ...small } };
}
type Role = Awaited<ReturnType<typeof createRole>>;

let role: Role;
beforeEach(async () => {
  role = await createRole();
});
afterEach(async () => {
  await database.query(`DROP OWNED BY ${role.name} CASCADE`);
  await database.query(`DROP ROLE ${role.name}`);
});

describe("a run that is cut short", () => {
  const table = "stopped";
  const first = lines(schema(table, id), record(table, { id: 1 }), state(1));
  const rest = lines(record(table, { id: 2 }), state(2));
  afterEach(() => database.query(`DROP TABLE ${table}`));

  test.each([
    ["statement_timeout", /statement_timeout/],
    ["lock_timeout", /lock/],
  ])(
    "by the role's %s: exit 4, what was committed stays, a run from its STATE completes",
    async (limit, told) => {
      await database.query(
        `GRANT ALL ON SCHEMA public TO ${role.name}; ALTER ROLE ${role.name} SET ${limit} = '1s'`,
      );
      const blocker = new pg.Client({ connectionString: database.connectionString });
      await blocker.connect();
      const block = async () => {
        await blocker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
        return rest;
      };
      const stopped = await target("", role.settings, feedInSteps([first, block]));
      await blocker.end();
      expect(stopped).toMatchObject({
        code: 4,
        stdout: "1\n",
        stderr: expect.stringMatching(told),
      });
      expect(await ids(table)).toEqual([1]);
      const again = await target(lines(schema(table, id)) + rest, role.settings);
      expect(again).toMatchObject({ code: 0, stdout: "2\n" });
      expect(await ids(table)).toEqual([1, 2]);
    },
  );

  test.each([
    ["a full disk", "53100", 4, /disk/],
    ["too little memory", "53200", 4, /53200|memory/],
    ["temp_file_limit or another of its limits", "53400", 4, /53400|limit/],
    ["a conflict of transactions", "40001", 4, /40001|again/],
    ["a CHECK", "23514", 5, /23514/],
    ["a trigger's RAISE EXCEPTION", "P0001", 5, /P0001|trigger/],
  ])(
    "by %s (SQLSTATE %s): exit %i, no value is quoted, a run from its STATE completes",
    async (_, sqlstate, code, told) => {
      await database.query(`GRANT ALL ON SCHEMA public TO ${role.name}`);
      const forbid = async () => {
        await database.query(
          `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           RAISE EXCEPTION 'a secret value' USING ERRCODE = TG_ARGV[0];
         END $$;
         CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table}
           FOR EACH ROW EXECUTE FUNCTION refuse('${sqlstate}')`,
        );
        return rest;
      };
      const stopped = await target("", role.settings, feedInSteps([first, forbid]));
      expect(stopped).toMatchObject({ code, stdout: "1\n", stderr: expect.stringMatching(told) });
      expect(stopped.stderr).not.toMatch(/secret/);
      await database.query(`DROP TRIGGER refuse ON ${table}`);
      const again = await target(lines(schema(table, id)) + rest, role.settings);
      expect(again).toMatchObject({ code: 0, stdout: "2\n" });
      expect(await ids(table)).toEqual([1, 2]);
    },
  );

  test("by a UNIQUE of the user's own: exit 5, no row is left out in silence", async () => {
    await database.query(`GRANT ALL ON SCHEMA public TO ${role.name}`);
    const shape = schema(table, { ...id, code: { type: "integer" } });
    const row = (n: number, code: number) => record(table, { id: n, code });
    const opening = lines(shape, row(1, 7), state(1));
    // Alone, beside a row that is there already, beside one with fewer properties.
    const conflicts = [[], [row(1, 7)], [record(table, { id: 1 })]].map((beside) =>
      lines(...beside, row(2, 7), state(2)),
    );
    for (const conflict of conflicts) {
      const constrain = async () => {
        await database.query(`ALTER TABLE ${table} ADD CONSTRAINT one_code UNIQUE (code)`);
        return conflict;
      };
      const stopped = await target("", role.settings, feedInSteps([opening, constrain]));
      expect(stopped).toMatchObject({ code: 5, stdout: "1\n" });
      expect(await ids(table)).toEqual([1]);
      await database.query(`ALTER TABLE ${table} DROP CONSTRAINT one_code`);
    }
    expect(await target(lines(shape) + conflicts[1], role.settings)).toMatchObject({ code: 0 });
    expect(await ids(table)).toEqual([1, 2]);
  });

  describe("by an administrator", () => {
    const schemas = lines(schema(table, id, []), schema("beside", id));
    /** A row without a key and, merged, one with. */
    const row = (n: number) => lines(record(table, { id: n }), record("beside", { id: n % 10 }));
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => row(from + n)).join("");
    const opening = schemas + row(1) + lines(state(1));
    const stored = () => ({ ...role.settings, TARGET_POSTGRES_STATE_ID: role.name });
    const terminate = () =>
      database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE usename = $1 AND (state = 'idle' OR wait_event_type = 'Lock')`,
        [role.name],
      );
    beforeEach(async () => {
      await database.query(`GRANT ALL ON SCHEMA public TO ${role.name}`);
      await target(lines(schema("beside", id), record("beside", { id: 0 })), role.settings);
    });
    afterEach(() => database.query("DROP TABLE beside"));

    /** Runs from the STATE if the first run did not come to its end; then each row is there once. */
    async function complete({ code, stdout }: ProgramResult, input: string): Promise<void> {
      expect([0, 4]).toContain(code);
      const again = stdout.endsWith("2\n") ? "" : input;
      expect(await target(schemas + again, stored())).toMatchObject({ code: 0 });
    }

    test("between two segments: each row is there once after a run from the STATE", async () => {
      const second = row(2) + lines(state(2));
      const cut = async () => {
        await terminate();
        return second;
      };
      await complete(await target("", stored(), feedInSteps([opening, cut])), second);
      expect(await ids(table)).toEqual([1, 2]);
    });

    test("while rows wait for their STATE: it ends soon, each row is there once after a run from it", async () => {
      const uncovered = rows(2, 1000);
      const more = Array.from({ length: 200 }, (_, n) =>
        [rows(1000 + 100 * n, 1100 + 100 * n), lines(state(n === 199 ? 2 : `${n}`))].join(""),
      ).join("");
      const blocker = new pg.Client({ connectionString: database.connectionString });
      await blocker.connect();
      const cut = async (write: (text: string) => void) => {
        // What has been written into the table waits in its COMMIT.
        await blocker.query(
          `CREATE OR REPLACE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_advisory_xact_lock(8); RETURN NULL;
           END $$;
           CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON ${table} DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION wait();
           SELECT pg_advisory_lock(8)`,
        );
        write(uncovered);
        await until("state = 'idle in transaction'");
        write(more);
        await until("wait_event_type = 'Lock'");
        await terminate();
        await blocker.end();
        return "";
      };
      // What cannot be done again is not tried again, however patient the settings are.
      const settings = {
        ...stored(),
        TARGET_POSTGRES_BATCH_SIZE_ROWS: "500",
        TARGET_POSTGRES_BATCH_WAIT_SECONDS: "0.1",
        TARGET_POSTGRES_RECONNECT_SECONDS: "30",
      };
      const started = Date.now();
      const stopped = await target("", settings, feedInSteps([opening, cut]));
      expect(Date.now() - started).toBeLessThan(15_000);
      await complete(stopped, uncovered + more);
      expect(await ids(table)).toEqual(Array.from({ length: 20_999 }, (_, n) => n + 1));
    });

    /** Until this is true of a connection of the role. */
    async function until(condition: string): Promise<void> {
      for (;;) {
        const found = await database.query(
          `SELECT FROM pg_stat_activity WHERE usename = $1 AND ${condition}`,
          [role.name],
        );
        if (found.length > 0) return;
      }
    }
  });
});

describe("a missing privilege", () => {
  /** Loads; as often as it is refused, does what the message says. Returns what was granted. */
  async function loadGranting(input: string): Promise<string[]> {
    const granted: string[] = [];
    for (;;) {
      const { code, stdout, stderr } = await target(input, role.settings);
      if (code === 0) return granted;
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      const [grant] = /GRANT [^;]+? to (?=this user|role)/i.exec(stderr) ?? [];
      if (grant === undefined || granted.includes(grant)) throw new Error(`no way on: ${stderr}`);
      granted.push(grant);
      await database.query(grant + role.name);
    }
  }

  test("to create tables: exit 3, the message names the GRANT, which is enough", async () => {
    await database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    const input = lines(schema("made", id), record("made", { id: 1 }));
    expect(await loadGranting(input)).toEqual([expect.stringMatching(/CREATE ON SCHEMA "?public/)]);
    expect(await ids("made")).toEqual([1]);
  });

  test("to create schemas: exit 3, the message names the GRANT, which is enough", async () => {
    const input = lines(schema("New Schema-made", id), record("New Schema-made", { id: 1 }));
    expect(await loadGranting(input)).toEqual([expect.stringMatching(/CREATE ON DATABASE/)]);
    expect(await ids('"New Schema".made')).toEqual([1]);
  });

  test("to use a schema and a table: exit 3, the message names each GRANT, which is enough", async () => {
    await database.query(
      `CREATE SCHEMA "Closed"; CREATE TABLE "Closed"."Orders" (id bigint PRIMARY KEY)`,
    );
    const input = lines(schema("Closed-Orders", id), record("Closed-Orders", { id: 1 }));
    role.settings = { ...role.settings, ...plain };
    expect(await loadGranting(input)).toEqual([
      expect.stringMatching(/ON SCHEMA "Closed"/),
      expect.stringMatching(/INSERT.* ON (TABLE )?("Closed"\.)?"Orders"/),
    ]);
    expect(await ids('"Closed"."Orders"')).toEqual([1]);
  });

  test("to make temporary tables: the message names the GRANT, which is enough, if any is needed", async () => {
    const name = database.environment.PG_DATABASE;
    await database.query(
      `REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC; GRANT ALL ON SCHEMA public TO ${role.name}`,
    );
    const input = lines(schema("temporary", id), record("temporary", { id: 1 }));
    const granted = await loadGranting(input);
    for (const grant of granted) expect(grant).toMatch(/TEMP(ORARY)? ON DATABASE/);
    await database.query(`GRANT TEMPORARY ON DATABASE ${name} TO PUBLIC`);
    expect(await ids("temporary")).toEqual([1]);
  });

  test("to alter another role's table: exit 3, nothing is loaded, the message names owner and table", async () => {
    await database.query(
      `CREATE TABLE foreign_table (id bigint PRIMARY KEY); GRANT ALL ON foreign_table TO ${role.name}`,
    );
    const more = { ...id, added: { type: "string" } };
    const { code, stdout, stderr } = await target(
      lines(schema("foreign_table", more), record("foreign_table", { id: 1 }), state(1)),
      { ...role.settings, ...plain },
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/foreign_table.*own/);
    expect(await ids("foreign_table")).toEqual([]);
  });
});
/** Tables of users' own have no `_sdc_` columns. */
const plain = { TARGET_POSTGRES_ADD_RECORD_METADATA: "false" };

describe("a disk that is full", () => {
  const count = 40_000;
  // Below 2 kB a value is stored as it is, so the table has some 60 MB.
  const text = "x".repeat(1_500);
  const table = "big";
  const shape = { ...id, text: { type: "string" } };
  const rowsFrom = (from: number) => {
    const parts = [lines(schema(table, shape))];
    for (let next = from; next < count; next += 1) {
      parts.push(lines(record(table, { id: next, text })));
      if (next % 1000 === 999) parts.push(lines(state(next + 1)));
    }
    return parts.join("");
  };

  test("exit 4, whole segments stay, a run from the last STATE completes when there is room", async () => {
    // A segment of the write-ahead log, 16 MB, must fit; the odd block leaves room for half a page.
    const server = await startOwnServer({ fileBlocks: 32_769 });
    const load = (from: number) =>
      target(rowsFrom(from), {}, { input: rowsFrom(from), environment: server.environment });
    const read = async () => {
      const [row] = await server.query<{ rows: number; next: number; characters: string }>(
        `SELECT count(*)::int AS rows, max(id)::int + 1 AS next, sum(length(text)) AS characters
           FROM ${table}`,
      );
      return row!;
    };
    const full = await load(0);
    expect(full).toMatchObject({ code: 4, stderr: expect.stringMatching(/disk.*full|room/) });
    const covered = Number(full.stdout.trim().split("\n").at(-1));
    expect(covered).toBeGreaterThan(0);
    const { rows, next } = await read();
    expect(rows).toBe(next);
    expect(next).toBeGreaterThanOrEqual(covered);
    await server.restart({});
    expect(await load(covered)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/40000\n$/),
    });
    expect(await read()).toEqual({
      rows: count,
      next: count,
      characters: String(count * text.length),
    });
    await server.remove();
  });
});
