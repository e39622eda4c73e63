import { renderQuery, secondsBefore, splitFields, toUtc } from "./soql.ts";

describe("renderQuery", () => {
  test("a window over a replication key", () => {
    expect(
      renderQuery({
        object: "Account",
        fields: ["Id", "Name"],
        by: {
          key: "SystemModstamp",
          from: "2024-01-01T00:00:00.000Z",
          before: "2024-02-01T00:00:00.000Z",
        },
      }),
    ).toBe(
      "SELECT Id,Name FROM Account WHERE SystemModstamp >= 2024-01-01T00:00:00.000Z AND SystemModstamp < 2024-02-01T00:00:00.000Z ORDER BY SystemModstamp ASC",
    );
  });

  test("no bounds, no WHERE", () => {
    expect(renderQuery({ object: "A", fields: ["Id"], by: { key: "CreatedDate" } })).toBe(
      "SELECT Id FROM A ORDER BY CreatedDate ASC",
    );
    expect(renderQuery({ object: "A", fields: ["Id"], limit: 1 })).toBe("SELECT Id FROM A LIMIT 1");
  });
});

describe("splitFields", () => {
  test("each group starts with the fields that join them, none is lost or doubled", () => {
    const fields = ["Id", ...Array.from({ length: 20 }, (_, index) => `Field${index}`), "Stamp"];
    const groups = splitFields(fields, ["Id", "Stamp"], 50);
    expect(groups.length).toBeGreaterThan(2);
    for (const group of groups) expect(group.slice(0, 2)).toEqual(["Id", "Stamp"]);
    const rest = groups.flatMap((group) => group.slice(2));
    expect([...rest, "Id", "Stamp"].sort()).toEqual([...fields].sort());
  });

  test("eight hundred fields of the longest name stay below Salesforce's limit in each group", () => {
    const fields = Array.from({ length: 800 }, (_, index) => `A${index}`.padEnd(43, "x"));
    for (const group of splitFields(fields, ["Id", "SystemModstamp"])) {
      const query = renderQuery({
        object: "O".padEnd(80, "x"),
        fields: group,
        by: { key: "SystemModstamp" },
      });
      expect(encodeURIComponent(query).length).toBeLessThan(14_000);
    }
  });
});

describe("toUtc", () => {
  test.each([
    ["2024-05-01T10:00:00.000+0000", "2024-05-01T10:00:00.000Z"],
    ["2024-05-01T10:00:00.000000Z", "2024-05-01T10:00:00.000Z"],
    ["2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00.000Z"],
    ["yesterday", undefined],
    [null, undefined],
  ])("%s", (given, expected) => {
    expect(toUtc(given)).toBe(expected);
  });
});

test("secondsBefore", () => {
  expect(secondsBefore("2024-05-01T00:00:05.000Z", 10)).toBe("2024-04-30T23:59:55.000Z");
});
