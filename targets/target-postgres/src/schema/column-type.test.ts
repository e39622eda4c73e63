import fc from "fast-check";
import { columnType, columnTypes, joinTypes } from "./column-type.ts";

const type = fc.constantFrom(...columnTypes);

describe("joinTypes", () => {
  test("[TGT-12] is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(type, type, type, (a, b, c) => {
        expect(joinTypes(a, b)).toBe(joinTypes(b, a));
        expect(joinTypes(joinTypes(a, b), c)).toBe(joinTypes(a, joinTypes(b, c)));
        expect(joinTypes(a, a)).toBe(a);
      }),
    );
  });
});

describe("columnType", () => {
  test.each([
    [{ type: "integer" }, "bigint"],
    [{ type: ["null", "number"] }, "numeric"],
    [{ type: ["string", "null"], format: "date-time" }, "timestamptz"],
    [{ type: "string", format: "date" }, "date"],
    [{ type: "string", format: "uuid" }, "text"],
    [{ type: "object" }, "jsonb"],
    [{}, "jsonb"],
    [{ type: ["integer", "number"] }, "numeric"],
    [{ type: ["integer", "string"] }, "text"],
    [{ anyOf: [{ type: "integer" }, { type: "null" }] }, "bigint"],
    [
      { anyOf: [{ type: "string", format: "date-time" }, { type: ["string", "null"] }] },
      "timestamptz",
    ],
    [{ oneOf: [{ type: "boolean" }, { type: "array" }] }, "jsonb"],
    [{ enum: ["a", "b", null] }, "text"],
    [{ const: 3 }, "bigint"],
  ])("[TGT-3] %j -> %s", (schema, expected) => {
    expect(columnType(schema)).toBe(expected);
  });
});

test.each([
  [{ $ref: "#/definitions/amount" }, "numeric"],
  [{ anyOf: [{ $ref: "#/$defs/a~1b" }, { type: "null" }] }, "timestamptz"],
  [{ $ref: "#/definitions/circle" }, "jsonb"],
  [{ $ref: "#/nowhere" }, "jsonb"],
  [{ $ref: "https://elsewhere/schema.json" }, "jsonb"],
])("%j is resolved within its schema", (schema, expected) => {
  const root = {
    definitions: {
      amount: { $ref: "#/definitions/number" },
      number: { type: ["number", "null"] },
      circle: { $ref: "#/definitions/circle" },
    },
    $defs: { "a/b": { type: "string", format: "date-time" } },
  };
  expect(columnType(schema, root)).toBe(expected);
});
