/** Queries, and times in US Pacific. */
import { renderQuery, toPacific } from "./export-query.ts";

test("a query has the window's ends, to the second", () => {
  const window = { from: "2024-05-01T00:00:00.500Z", before: "2024-06-01T00:00:00.000Z" };
  const columns = ["Name", "Account.Id", "Id"];
  expect(renderQuery({ object: "Subscription", columns, by: { key: "UpdatedDate", window } })).toBe(
    "select Name, Account.Id, Id from Subscription where UpdatedDate >= '2024-05-01T00:00:00Z' and UpdatedDate < '2024-06-01T00:00:00Z'",
  );
  expect(renderQuery({ object: "Product", columns: ["Id"], limit: 1 })).toBe(
    "select Id from Product limit 1",
  );
});

test.each([
  ["2024-07-01T12:00:00Z", "2024-07-01 05:00:00"],
  ["2024-01-01T12:00:00Z", "2024-01-01 04:00:00"],
  // 01:30 comes twice: the first could be taken for the second, which is an hour later.
  ["2024-11-03T08:30:00Z", "2024-11-03 00:30:00"],
  ["2024-11-03T09:30:00Z", "2024-11-03 01:30:00"],
])("%s is not after %s", (time, expected) => {
  expect(toPacific(time)).toBe(expected);
});
