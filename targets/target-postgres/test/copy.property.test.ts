/** Any value there and back: the reference for how each type is written. */
import { renderJson } from "@bizops/singer";
import {
  commandPath,
  createScratchDatabase,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";
import fc from "fast-check";

let database: ScratchDatabase;
beforeAll(async () => {
  database = await createScratchDatabase();
});
afterAll(() => database.drop());

const row = fc.record({
  text: fc.option(fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"))),
  whole: fc.option(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })),
  decimal: fc.option(
    fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(999_999_999))
      .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(9, "0")}1`),
  ),
  flag: fc.option(fc.boolean()),
  tree: fc.option(fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" })),
});
const properties = {
  id: { type: "integer" },
  text: { type: ["string", "null"] },
  whole: { type: ["integer", "null"] },
  decimal: { type: ["number", "null"] },
  flag: { type: ["boolean", "null"] },
  tree: {},
};
const schema = { type: "SCHEMA", stream: "any", schema: { properties }, key_properties: ["id"] };

test("[TGT-17] any value arrives unchanged, inserted or merged", async () => {
  const sample = fc.sample(row, { numRuns: 400, seed: 20261121 });
  const load = async (shift: number) => {
    const lines = sample.map((_, id) => {
      const { text, whole, decimal, flag, tree } = sample[(id + shift) % sample.length]!;
      const record = `{"id":${id},"text":${JSON.stringify(text)},"whole":${whole},"decimal":${decimal},"flag":${flag},"tree":${JSON.stringify(tree)}}`;
      return `{"type":"RECORD","stream":"any","record":${record}}\n`;
    });
    const run = await runProgram(commandPath("target-postgres"), [], {
      input: `${JSON.stringify(schema)}\n${lines.join("")}`,
      environment: database.environment,
    });
    expect(run).toMatchObject({ code: 0 });
    const rows = await database.query<{ [column: string]: unknown }>(
      `SELECT text, whole::text, decimal::text, flag, tree FROM "any" ORDER BY id`,
    );
    rows.forEach((found, id) => {
      const { text, whole, decimal, flag, tree } = sample[(id + shift) % sample.length]!;
      const expected = {
        text: text === null ? null : text.toWellFormed(),
        whole: whole === null ? null : String(whole),
        decimal,
        flag,
        tree: JSON.parse(renderJson(tree as never)),
      };
      expect(found).toEqual(expected);
    });
    expect(rows).toHaveLength(sample.length);
  };
  await load(0);
  await load(1);
});
