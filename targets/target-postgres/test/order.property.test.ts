/** Rows in another order, in other batches, under schemas that change: as long as each key's rows keep theirs, the same table. */
import fc from "fast-check";
import { lines, record, schema, useTarget } from "./use-target.ts";

/** What each property may be declared as; narrower and wider, in any order. */
const declarations: { readonly [property: string]: readonly object[] } = {
  number: [
    { type: ["integer", "null"] },
    { type: ["number", "null"] },
    { type: ["string", "number", "null"] },
  ],
  flag: [{ type: ["boolean", "null"] }, { type: ["string", "boolean", "null"] }],
  at: [
    { anyOf: [{ type: "string", format: "date-time" }, { type: ["string", "null"] }] },
    { type: ["string", "null"], format: "date-time" },
  ],
  day: [{ type: ["string", "null"], format: "date" }],
  clock: [{ type: ["string", "null"], format: "time" }],
};
const instant = fc.constantFrom(
  "2024-01-01T10:00:00+02:00",
  "2024-01-01T08:00:00.500Z",
  "0044-03-15T12:00:00Z BC",
  "infinity",
);
const values: { readonly [property: string]: (declared: object) => fc.Arbitrary<unknown> } = {
  number: (declared) => {
    const { type } = declared as { type: string[] };
    if (type[0] === "integer") return fc.oneof(fc.integer(), fc.constant(2 ** 52));
    const decimal = fc.constantFrom(0.5, 1, 1.5e3, -0.001, 100);
    return type[0] === "number" ? decimal : fc.oneof(decimal, fc.constantFrom("x", "007"));
  },
  flag: (declared) =>
    (declared as { type: string[] }).type[0] === "boolean"
      ? fc.boolean()
      : fc.oneof(fc.boolean(), fc.constant("maybe")),
  at: (declared) => ("anyOf" in declared ? fc.oneof(instant, fc.constant("soon")) : instant),
  day: () => fc.constantFrom("2024-02-29", "infinity"),
  clock: () => fc.constantFrom("10:11", "10:11:12.50", "10:11:12+02:00"),
};

interface Step {
  readonly property: string;
  readonly declared: object;
  readonly value: unknown;
}

/** A record of one property under one of its declarations. */
const step = fc
  .constantFrom(...Object.keys(declarations))
  .chain((property) =>
    fc
      .constantFrom(...declarations[property]!)
      .chain((declared) =>
        fc
          .option(values[property]!(declared), { freq: 5 })
          .map((value) => ({ property, declared, value })),
      ),
  );
const history = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), {
  minLength: 2,
  maxLength: 4,
});

describe("the order of messages", () => {
  const { database, target, types } = useTarget();
  let tables = 0;

  /** Loads the keys' histories interleaved as `picks` says, and returns the table. */
  async function load(keys: readonly (readonly Step[])[], picks: readonly number[], rows: number) {
    const waiting = keys.map((steps, id) => steps.map((each) => ({ id, ...each })));
    const messages: object[] = [];
    const name = `order_${tables}`;
    tables += 1;
    for (let at = 0; waiting.some((steps) => steps.length > 0); at += 1) {
      const left = waiting.filter((steps) => steps.length > 0);
      const { id, property, declared, value } = left[(picks[at] ?? 0) % left.length]!.shift()!;
      messages.push(schema(name, { id: { type: "integer" }, [property]: declared }));
      messages.push(record(name, { id, [property]: value }));
    }
    const settings = {
      TARGET_POSTGRES_BATCH_SIZE_ROWS: String(rows),
      TARGET_POSTGRES_ADD_RECORD_METADATA: "false",
    };
    expect(await target(lines(...messages), settings)).toMatchObject({ code: 0 });
    const columns = Object.entries(await types(name)).sort();
    const found = await database.query<{ row: object }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY id`,
    );
    return { columns, rows: found.map(({ row }) => row) };
  }

  test("[TGT-22] any order that keeps each key's gives the same table", async () => {
    const cases = fc.sample(
      fc.tuple(history, fc.array(fc.nat(), { maxLength: 20 }), fc.integer({ min: 1, max: 9 })),
      { numRuns: 12, seed: 20261121 },
    );
    for (const [keys, picks, rows] of cases) {
      expect(await load(keys, picks, rows)).toEqual(await load(keys, [], 100));
    }
  });
});
