/** Cells of CSV become the values they were written from. */
import {
  isLosslessNumber,
  type JsonSchema,
  type JsonValue,
  parseJson,
  renderJson,
} from "@bizops/singer";
import fc from "fast-check";
import { cellConverter } from "./convert-cell.ts";

const convert = (schema: JsonSchema | undefined, cell: string) => cellConverter(schema)(cell);

test("an integer or decimal keeps its digits, however many", () => {
  const digits = fc.stringMatching(
    /^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?$/,
  );
  fc.assert(
    fc.property(digits, fc.constantFrom("integer", "number"), (text, type) => {
      const value = convert({ type: ["null", type] }, text);
      expect(typeof value === "number" || isLosslessNumber(value)).toBe(true);
      expect(value).toEqual(parseJson(text));
    }),
  );
});

test("a string comes as it is, whatever it looks like", () => {
  const likely = fc.constantFrom("1.50", "007", "true", "null", "{}", "[1]", "2024-01-01", "NaN");
  fc.assert(
    fc.property(fc.oneof(fc.string(), likely), (text) => {
      expect(convert({ type: ["string", "null"] }, text)).toBe(text);
      expect(convert(undefined, text)).toBe(text);
    }),
  );
});

test("objects and arrays are parsed as JSON, digits kept", () => {
  const numbers = fc.stringMatching(/^[1-9][0-9]{0,25}$/).map((text) => parseJson(text));
  const nested = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      numbers,
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(fc.array(nested), fc.dictionary(fc.string(), nested), (array, object) => {
      const text = [renderJson(array), renderJson(object)] as const;
      expect(renderJson(convert({ type: "array" }, text[0]))).toBe(text[0]);
      expect(renderJson(convert({ type: ["null", "object"] }, text[1]))).toBe(text[1]);
      expect(renderJson(convert({}, text[1]))).toBe(text[1]);
    }),
  );
});

test.each<[string, JsonValue]>([
  ["true", true],
  ["False", false],
  ["TRUE", true],
  ["t", true],
  ["f", false],
  ["1", "1"],
  ["yes", "yes"],
  ["", ""],
])("a boolean cell %j is %j", (cell, value) => {
  expect(convert({ type: "boolean" }, cell)).toBe(value);
});

test.each([
  ["integer", "007"],
  ["integer", "+7"],
  ["integer", " 7"],
  ["integer", "1,000"],
  ["integer", ""],
  ["number", "NaN"],
  ["number", "Infinity"],
  ["number", ".5"],
  ["number", "0x10"],
  ["object", "[1]"],
  ["object", "{'a': 1}"],
  ["array", "null"],
  ["null", "x"],
])("what is not of type %s stays a string: %j", (type, cell) => {
  expect(convert({ type }, cell)).toBe(cell);
});

test.each<[string, JsonSchema, string, JsonValue]>([
  ["beside a number is the string", { type: ["integer", "string"] }, "1", "1"],
  ["of any type is the string", {}, "1", "1"],
  ["of branches", { anyOf: [{ type: "number" }, { type: "null" }] }, "1.5", 1.5],
  ["of all branches", { allOf: [{ minimum: 1 }, { type: "number" }] }, "1.5", 1.5],
  [
    "that may be an object is one if it is JSON",
    { type: ["string", "object"] },
    '{"a":1}',
    { a: 1 },
  ],
  ["that may be an object stays text", { type: ["string", "object"] }, "{a}", "{a}"],
])("a cell %s", (_, schema, cell, value) => {
  expect(convert(schema, cell)).toEqual(value);
});
