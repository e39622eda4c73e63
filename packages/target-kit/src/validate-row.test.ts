import { parseJson } from "@bizops/singer";
import { compileValidator } from "./validate-row.ts";

const check = (schema: object, row: object) =>
  compileValidator("s", schema as never).row(row as never);

test.each([
  [
    "draft 4's exclusive bounds",
    { properties: { n: { minimum: 0, exclusiveMinimum: true } } },
    { n: 0 },
  ],
  ["a bound of today", { properties: { n: { exclusiveMinimum: 0 } } }, { n: 0 }],
  ["a type", { properties: { n: { type: "integer" } } }, { n: "x" }],
  ["a required property", { required: ["n"] }, {}],
])("%s is checked", (_, schema, row) => {
  expect(check(schema, row)).toEqual(expect.any(String));
});

test.each([
  [
    "$schema and id of draft 4",
    {
      $schema: "http://json-schema.org/draft-04/schema#",
      id: "x",
      properties: { n: { minimum: 0, exclusiveMinimum: false } },
    },
    { n: 0 },
  ],
  ["a pattern of another language", { properties: { n: { pattern: "(?P<a>b)" } } }, { n: "c" }],
  [
    "an optional property called constructor",
    { properties: { constructor: { type: "string" } } },
    {},
  ],
  [
    "multipleOf, which doubles cannot tell",
    { properties: { n: { multipleOf: 0.01 } } },
    { n: 0.07 },
  ],
  [
    "a format, which is the column's to judge",
    { properties: { n: { format: "date" } } },
    { n: "x" },
  ],
  ["a subschema that is just true", { properties: { n: true } }, { n: 1 }],
])("%s is no hindrance", (_, schema, row) => {
  expect(check(schema, row)).toBeUndefined();
});

test("bounds and values of nineteen digits", () => {
  const schema = parseJson(
    '{"properties":{"n":{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}}}',
  );
  const row = (text: string) => check(schema as object, parseJson(`{"n":${text}}`) as object);
  expect(row("9223372036854775807")).toBeUndefined();
  expect(row("92233720368547758070")).toEqual(expect.any(String));
});

test("a reason names paths and keywords, never a value", () => {
  const schema = { properties: { a: { properties: { b: { enum: ["x"] } } } } };
  expect(check(schema, { a: { b: "secret" } })).toBe('a.b breaks "enum"');
});

test("1,600 properties are not too many", () => {
  const names = Array.from({ length: 1600 }, (_, index) => `c${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { type: ["null", "string"] }]));
  const row = Object.fromEntries(names.map((name) => [name, "x"]));
  expect(check({ properties }, row)).toBeUndefined();
  expect(check({ properties }, { ...row, c1599: 1 })).toMatch(/c1599 is not of type/);
});
