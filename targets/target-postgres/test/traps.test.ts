/**
 * The traps: small inputs that damage, crash or mislead other targets. `traps/NAME.jsonl` is the input,
 * `traps/NAME.expected.json` what must be in the warehouse afterwards, by the specification.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { useTarget } from "./use-target.ts";

/** What a table must hold afterwards. */
interface ExpectedTable {
  /** Default: the schema named for the trap. */
  readonly schema?: string;
  /** Rows of a second run stand beside those of the first. */
  readonly appendOnly?: boolean;
  /** Of all columns but the `_sdc_` ones, and of those named here. */
  readonly types?: { readonly [column: string]: string };
  /** Further columns to compare, as SQL. */
  readonly expressions?: { readonly [name: string]: string };
  /** In any order; values as PostgreSQL casts them to text. */
  readonly rows: readonly { readonly [column: string]: string | null }[];
}

/** What a run must leave behind. */
interface Expectation {
  /** What the trap is. */
  readonly about: string;
  /** Settings of the target, beside those that say where it loads. */
  readonly settings?: { readonly [name: string]: string };
  readonly exit: number;
  /** The lines stdout may have, in this order; the last one must come. */
  readonly states: readonly string[];
  readonly rejected: readonly { readonly stream: string; readonly reason: string }[];
  /** What stderr must say. */
  readonly said?: readonly string[];
  /** What stands neither in stderr nor in a reason. */
  readonly unsaid?: readonly string[];
  readonly tables: { readonly [table: string]: ExpectedTable };
}

const folder = new URL("./traps/", import.meta.url);
const files = readdirSync(folder).sort();
const namesOf = (ending: string) =>
  files.filter((file) => file.endsWith(ending)).map((file) => basename(file, ending));
const traps = namesOf(".jsonl");

const { database, target } = useTarget();

test("each trap has its input and its expectation", () => {
  expect(namesOf(".expected.json")).toEqual(traps);
  expect(files).toHaveLength(2 * traps.length);
});

describe.each(traps)("%s", (trap) => {
  const input = readFileSync(new URL(`${trap}.jsonl`, folder));
  const expected: Expectation = JSON.parse(
    readFileSync(new URL(`${trap}.expected.json`, folder), "utf8"),
  );

  async function load(settings: Expectation["settings"] = {}) {
    const all = { default_target_schema: trap, ...expected.settings, ...settings };
    const environment = Object.entries(all).map(([name, value]) => [
      `TARGET_POSTGRES_${name.toUpperCase()}`,
      value,
    ]);
    const { code, stdout, stderr } = await target("", Object.fromEntries(environment), { input });
    if (code !== expected.exit) throw new Error(`exit ${code}, not ${expected.exit}: ${stderr}`);
    const states = stdout.split("\n").slice(0, -1);
    expect(states.at(-1)).toBe(expected.states.at(-1));
    expect(expected.states.filter((state) => states.includes(state))).toEqual(states);
    for (const words of expected.said ?? []) expect(stderr).toContain(words);
    for (const words of expected.unsaid ?? []) expect(stderr).not.toContain(words);
  }

  async function compare(runs: number) {
    for (const [table, wanted] of Object.entries(expected.tables)) {
      const schema = wanted.schema ?? trap;
      if (wanted.types !== undefined) {
        expect(await readTypes(schema, table, wanted.types)).toEqual(
          sorted(Object.entries(wanted.types)),
        );
      }
      const columns = Object.keys(wanted.rows[0] ?? {});
      const rows = wanted.rows.map((row) => columns.map((column) => row[column]));
      expect(await readRows(schema, table, columns, wanted.expressions ?? {})).toEqual(
        sorted(repeated(rows, wanted.appendOnly === true ? runs : 1)),
      );
    }
    const own = Object.entries(expected.tables).filter(([, { schema }]) => schema === undefined);
    const keepsRejected = expected.rejected.length > 0;
    expect(await readTables(trap)).toEqual(
      sorted([...own.map(([table]) => table), ...(keepsRejected ? ["_rejected"] : [])]),
    );
    if (!keepsRejected) return;
    const kept = await readRows(trap, "_rejected", ["stream", "reason"], {});
    const reasons = expected.rejected.map(({ stream, reason }) => [stream, reason]);
    expect(kept).toEqual(sorted(repeated(reasons, runs)));
    for (const words of expected.unsaid ?? []) expect(JSON.stringify(kept)).not.toContain(words);
  }

  beforeEach(async () => {
    const others = Object.values(expected.tables).flatMap(({ schema }) => schema ?? []);
    for (const schema of [trap, ...others]) {
      await database.query(`DROP SCHEMA IF EXISTS ${quote(schema)} CASCADE`);
    }
  });

  test("loads as it is, and a second time upon itself", async () => {
    await load();
    await compare(1);
    await load();
    await compare(2);
  });

  test("loads with one row to a segment", async () => {
    await load({ batch_size_rows: "1" });
    await compare(1);
  });
});

async function readTables(schema: string): Promise<unknown[]> {
  const rows = await database.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1",
    [schema],
  );
  return sorted(rows.map(({ name }) => name));
}

async function readTypes(schema: string, table: string, wanted: object): Promise<unknown[]> {
  const rows = await database.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = format('%I.%I', $1::text, $2::text)::regclass
        AND attnum > 0 AND NOT attisdropped`,
    [schema, table],
  );
  const compared = rows.filter(
    ({ name }) => !name.startsWith("_sdc_") || Object.hasOwn(wanted, name),
  );
  return sorted(compared.map(({ name, type }) => [name, type]));
}

/** Rows as arrays: a column may be called `__proto__`. */
async function readRows(
  schema: string,
  table: string,
  columns: readonly string[],
  expressions: { readonly [name: string]: string },
): Promise<unknown[]> {
  const values = columns.map((column) => {
    const expression = Object.hasOwn(expressions, column) ? expressions[column] : quote(column);
    return `(${expression})::text`;
  });
  const rows = await database.query<{ row: unknown }>(
    `SELECT ARRAY[${values.join(", ")}]::text[] AS row FROM ${quote(schema)}.${quote(table)}`,
  );
  return sorted(rows.map(({ row }) => row));
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function repeated<T>(items: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => items).flat();
}

/** In an order of their own, so that lists compare whatever theirs is. */
function sorted(items: readonly unknown[]): unknown[] {
  const keyed = items.map((item) => [JSON.stringify(item), item] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
