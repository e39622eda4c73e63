import fc from "fast-check";
import { toIdentifier, toTableName } from "./identifier.ts";

test("[TGT-2] any name becomes one of 1 to 63 bytes, always the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 120 }), (name) => {
      const identifier = toIdentifier(name);
      const bytes = Buffer.byteLength(identifier);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(63);
      expect(identifier).not.toContain("\0");
      expect(toIdentifier(name)).toBe(identifier);
    }),
  );
});

test("long names with the same beginning stay apart; case, spaces, quotes and emoji are kept", () => {
  const long = "é".repeat(40);
  expect(toIdentifier(`${long}a`)).not.toBe(toIdentifier(`${long}b`));
  for (const name of ["Id", "id", 'a "b" c', "a.b", "select", "🙂"]) {
    expect(toIdentifier(name)).toBe(name);
  }
  expect(toIdentifier("xmin")).toMatch(/^xmin_[0-9a-f]{8}$/);
});

test.each([
  ["Account", { schema: "public", table: "Account" }],
  ["sales-orders", { schema: "sales", table: "orders" }],
  ["a-b-c", { schema: "a", table: "b-c" }],
  ["-a", { schema: "public", table: "-a" }],
])("stream %s", (stream, expected) => {
  expect(toTableName(stream, "public")).toEqual(expected);
});
