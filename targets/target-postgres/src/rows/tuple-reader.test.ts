/** The quick way beside the plain one: the same bytes in, the same tuples out. */
import { parseJson, type Row, type SchemaMessage } from "@bizops/singer";
import { compileValidator, type RowContext, rowRules } from "@bizops/target-kit";
import fc from "fast-check";
import { PostgresTable } from "../postgres-table.ts";
import { RowMemory } from "./row-memory.ts";
import type { TupleBlock } from "./tuple-block.ts";
import type { TupleCollector } from "./tuple-collector.ts";

const nullable = (...types: string[]) => ({ type: [...types, "null"] });
const message: SchemaMessage = {
  type: "SCHEMA",
  stream: "any",
  keyProperties: ["id"],
  schema: {
    required: ["id"],
    definitions: { grade: { enum: ["A", "B", null] } },
    properties: {
      id: { type: "integer" },
      text: nullable("string"),
      short: { ...nullable("string"), maxLength: 3 },
      'wéird "name"': nullable("string"),
      whole: nullable("integer"),
      small: { ...nullable("integer"), minimum: -5, maximum: 200 },
      decimal: nullable("number"),
      flag: nullable("boolean"),
      day: { ...nullable("string"), format: "date" },
      instant: { ...nullable("string"), format: "date-time" },
      maybe: { anyOf: [{ type: "string", format: "date-time" }, nullable("string")] },
      clock: { ...nullable("string"), format: "time" },
      nested: { type: ["object", "null"], properties: { a: { type: "integer" } } },
      list: nullable("array"),
      grade: { $ref: "#/definitions/grade" },
      anything: {},
    },
  },
};
const validator = compileValidator(message.stream, message.schema);
const rules = rowRules(message.schema, validator);
const names = Object.keys(message.schema.properties!);

const space = fc.constantFrom("", "", "", " ", "  ", "\t");
const escaped = (text: string) =>
  fc.constantFrom(
    JSON.stringify(text),
    JSON.stringify(text).replace(
      /[^\0-\x7f]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
const string = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\0", "\ud800", 'a\nb\tc\\d"e', "é", "x".repeat(300), "infinity"),
  )
  .chain(escaped);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.stringMatching(/^[0-9]{1,12}$/))
    .map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom(
    "0",
    "-0",
    "-0.0",
    "1.50",
    "100000",
    "1.0",
    "0.00001",
    "1e3",
    "1E-7",
    "01",
    "1.",
    ".5",
    "-",
    "+1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "123456789012345",
    "1e400",
  ),
);
const digits = (low: number, high: number, width = 2) =>
  fc.integer({ min: low, max: high }).map((n) => String(n).padStart(width, "0"));
const day = fc
  .tuple(digits(0, 9999, 4), digits(0, 13), digits(0, 32))
  .map((parts) => parts.join("-"));
const clock = fc
  .tuple(
    digits(0, 25),
    digits(0, 60),
    digits(0, 61),
    fc.constantFrom("", ".5", ".123456789", ".000", "."),
  )
  .map(([h, m, s, f]) => `${h}:${m}:${s}${f}`);
const zone = fc.constantFrom(
  "Z",
  "",
  "z",
  "+00:00",
  "+02:00",
  "-0330",
  "+02",
  "+16:00",
  "-00:00",
  "+1:00",
);
const temporal = fc
  .oneof(
    day,
    clock,
    fc.tuple(day, fc.constantFrom("T", " ", "t"), clock, zone).map((parts) => parts.join("")),
    fc.constantFrom("infinity", "2024-02-29", "1900-02-29", "2024-06-30T10:11:12.000Z", "soon"),
  )
  .map((text) => JSON.stringify(text));
const nested = fc
  .oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom({ a: 1 }, { a: "x" }, { a: 1, b: ['}"'] }))
  .map((value) => JSON.stringify(value));
const anyValue = fc.oneof(
  string,
  number,
  temporal,
  nested,
  fc.constantFrom("null", "true", "false", "nul", "[]", "{}", '"A"', '"a', '{"a":'),
);
const fitting: { readonly [name: string]: fc.Arbitrary<string> } = {
  id: fc.integer().map(String),
  whole: fc.integer().map(String),
  small: fc.integer({ min: -5, max: 200 }).map(String),
  decimal: number,
  flag: fc.constantFrom("true", "false"),
  day: temporal,
  instant: temporal,
  maybe: temporal,
  clock: temporal,
  nested,
  list: fc.constantFrom("[]", "[1, 2]", '["]"]'),
  grade: fc.constantFrom('"A"', '"B"', '"C"'),
};

const members = fc
  .tuple(
    fc.subarray(names.slice(1), { maxLength: 4 }).map((others) => ["id", ...others]),
    fc.constantFrom(
      "in order",
      "in order",
      "in order",
      "in order",
      "in order",
      "turned",
      "with more",
      "twice",
    ),
  )
  .chain(([listed, how]) => {
    const all =
      how === "turned"
        ? [...listed].reverse()
        : how === "with more"
          ? [...listed, "unknown", "__proto__"]
          : how === "twice"
            ? [...listed, listed[0]!]
            : listed;
    return fc.tuple(
      ...all.map((name) =>
        fc
          .tuple(
            space,
            space,
            fc.oneof(
              { weight: 20, arbitrary: Object.hasOwn(fitting, name) ? fitting[name]! : string },
              { weight: 2, arbitrary: fc.constant("null") },
              { weight: 1, arbitrary: anyValue },
            ),
            space,
          )
          .map(([a, b, value, c]) => `${JSON.stringify(name)}${a}:${b}${value}${c}`),
      ),
    );
  });
const row = fc
  .tuple(
    members,
    space,
    fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, fc.tuple(fc.nat(), fc.nat(255))),
  )
  .map(([texts, gap, damage]) => {
    const bytes = Buffer.from(`{${gap}${texts.join(`,${gap}`)}}`);
    if (damage !== null) bytes[damage[0] % bytes.length] = damage[1];
    return bytes;
  });

const context: RowContext = {
  timeExtracted: "2024-07-01T00:00:00.123456+02:00",
  version: 7,
  received: new Date(1_720_000_000_123),
  sequence: 1_720_000_000_456,
};

/** A table nobody has made yet, whose rows stand side by side. */
function openTable(): PostgresTable {
  const options = {
    defaultSchema: "public",
    addRecordMetadata: true,
    keyed: false,
    hardDelete: false,
    overwrite: false,
  };
  const found = { schemaExists: true, table: undefined };
  return new PostgresTable(message, rules, options, found, new RowMemory());
}

function lastTuple(collector: TupleCollector): { block: TupleBlock; tuple: Buffer } {
  const block = collector.blocks.at(-1)!;
  const [start, end] = [...block.eachRow()].at(-1)!;
  return { block, tuple: Buffer.from(block.rows.bytes.subarray(start, end)) };
}

/** What the plain way makes of it; undefined: no row, or one for a wider column. */
function readPlainly(table: PostgresTable, json: Buffer) {
  const columns = columnsOf(table);
  try {
    const parsed = parseJson(json.toString("utf8")) as Row;
    if (validator.row(parsed) !== undefined) return undefined;
    const collector = table.collect();
    collector.add(parsed, context);
    const { block, tuple } = lastTuple(collector);
    return JSON.stringify(block.columns) === columns ? tuple : undefined;
  } catch {
    return undefined;
  }
}

/** The columns of rows that made none of them wider. */
function columnsOf(table: PostgresTable): string {
  const collector = table.collect();
  collector.add({ id: 1 }, context);
  return JSON.stringify(lastTuple(collector).block.columns);
}

/** What the quick way makes of it; undefined: nothing. */
function readQuickly(table: PostgresTable, json: Buffer): Buffer | undefined {
  const collector = table.collect();
  const end = collector.reader!.read(json, 0, json.length);
  if (end === -1 || !collector.reader!.keep(context)) return undefined;
  // What follows is the envelope's; here nothing may.
  if (json.subarray(end).toString().trim() !== "") return undefined;
  return lastTuple(collector).tuple;
}

/** `_sdc_batched_at` differs by collector: the third of the six fields at the end, twelve bytes from each. */
function withoutBatchedAt(tuple: Buffer): string {
  const fields: string[] = [];
  for (let at = 2; at < tuple.length; ) {
    const length = Math.max(0, tuple.readInt32BE(at));
    fields.push(tuple.toString("hex", at, at + 4 + length));
    at += 4 + length;
  }
  fields.splice(names.length + 2, 1);
  return fields.join(" ");
}

test("whatever the quick way takes, the plain way turns into the same tuple", () => {
  let taken = 0;
  let rows = 0;
  fc.assert(
    fc.property(row, (json) => {
      const table = openTable();
      const quick = readQuickly(table, json);
      rows += 1;
      if (quick === undefined) return;
      taken += 1;
      const plain = readPlainly(table, json);
      expect(plain).toBeDefined();
      expect(withoutBatchedAt(quick)).toBe(withoutBatchedAt(plain!));
    }),
    { numRuns: 8000 },
  );
  // Not a promise, but a test of nothing would be one otherwise.
  expect(taken / rows).toBeGreaterThan(0.2);
});

test.each([
  ["plain values", { id: 1, text: "x", whole: 2, decimal: 1.25, flag: true }],
  ["text beyond ASCII", { id: 1, text: "é\n😀" }],
  ["dates and instants", { id: 1, day: "2024-02-29", instant: "2024-06-30T10:11:12.000+02:00" }],
  ["nested values", { id: 1, nested: { a: 1 }, list: [1, "]"], anything: null }],
  ["nulls and absent properties", { id: 1, text: null, list: null }],
  ["a property that is not declared", { id: 1, unknown: { a: "}" }, text: "x" }],
])("%s are taken", (_, values) => {
  expect(readQuickly(openTable(), Buffer.from(JSON.stringify(values)))).toBeDefined();
});

test.each([
  ["a key that is missing", '{"text":"x"}'],
  ["a key that is null", '{"id":null}'],
  ["another kind of value", '{"id":1,"text":5}'],
  ["text over its limit", '{"id":1,"short":"abcd"}'],
  ["a number beyond its bounds", '{"id":1,"small":201}'],
  ["an exponent", '{"id":1,"decimal":1e5}'],
  ["a number beyond bigint", '{"id":1,"whole":9223372036854775808}'],
  ["bytes that are not UTF-8", Buffer.from('{"id":1,"text":"\xff"}', "latin1")],
  ["a property given twice", '{"id":1,"id":2}'],
  ["a nested value that breaks its schema", '{"id":1,"nested":{"a":"x"}}'],
])("%s is left to the plain way", (_, json) => {
  expect(readQuickly(openTable(), Buffer.from(json))).toBeUndefined();
});
