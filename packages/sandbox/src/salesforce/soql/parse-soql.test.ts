/** SOQL: what is understood, and what is refused. */
import { parseSoql } from "./parse-soql.ts";

test("reads a reader's usual query", () => {
  const query = parseSoql(
    "select Id, Name from Account where SystemModstamp >= 2026-06-30T00:00:00.000Z and SystemModstamp < 2026-07-01T00:00:00+00:00 order by SystemModstamp asc nulls last, Id desc limit 10",
  );
  expect(query).toEqual({
    select: ["Id", "Name"],
    from: "Account",
    where: {
      kind: "and",
      parts: [
        {
          kind: "compare",
          field: "SystemModstamp",
          operator: ">=",
          literal: { kind: "datetime", value: Date.UTC(2026, 5, 30) },
        },
        {
          kind: "compare",
          field: "SystemModstamp",
          operator: "<",
          literal: { kind: "datetime", value: Date.UTC(2026, 6, 1) },
        },
      ],
    },
    orderBy: [
      { field: "SystemModstamp", descending: false, nullsLast: true },
      { field: "Id", descending: true, nullsLast: false },
    ],
    limit: 10,
  });
});

test.each([
  ["Name = 'O\\'Brien\\n'", { kind: "string", value: "O'Brien\n" }],
  ["Amount > -12.5e3", { kind: "number", value: -12500 }],
  ["IsWon = TRUE", { kind: "boolean", value: true }],
  ["CloseDate <= 2026-01-31", { kind: "date", value: Date.UTC(2026, 0, 31) }],
  ["Type <> null", { kind: "null" }],
])("reads the literal of %s", (condition, literal) => {
  expect(parseSoql(`SELECT Id FROM X WHERE ${condition}`).where).toMatchObject({ literal });
});

test("reads lists, NOT and parentheses", () => {
  expect(
    parseSoql("SELECT COUNT() FROM X WHERE (A = 1 OR B NOT IN ('x','y')) AND NOT C LIKE 'a%'"),
  ).toMatchObject({
    select: "count",
    where: {
      kind: "and",
      parts: [
        { kind: "or", parts: [{ field: "A" }, { kind: "in", negated: true }] },
        { kind: "not", part: { operator: "LIKE" } },
      ],
    },
  });
});

test.each([
  "SELECT Id FROM X WHERE A = 1 AND B = 2 OR C = 3",
  "SELECT Id FROM X WHERE A = 1 OR B = 2 AND C = 3",
  "SELECT FROM X",
  "SELECT Id FROM",
  "SELECT Id FROM X LIMIT -1",
  "SELECT Id FROM X WHERE A = 2026-06-30T00:00:00 00:00",
  "SELECT Id FROM X WHERE A = 'open",
  "SELECT Id FROM X; DROP",
  "SELECT Id FROM X GROUP BY Id",
  "UPDATE X",
  "",
])("refuses %s", (soql) => {
  expect(() => parseSoql(soql)).toThrow(
    expect.objectContaining({ code: "MALFORMED_QUERY", status: 400 }),
  );
});
