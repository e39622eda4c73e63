import { renderAnswer, totals } from "./answer.ts";

const rows = [
  { month: "2024-01-01", source: "SDR generated", saos: 2 },
  { month: "2024-01-01", source: "Other", saos: 1 },
  { month: "2024-02-01", source: "SDR generated", saos: 3 },
];

test("a first answer has months, sources and totals", () => {
  expect(renderAnswer(rows, undefined)).toBe(
    [
      "source         2024-01  2024-02  all time",
      "-----------------------------------------",
      "Other                1        0         1",
      "SDR generated        2        3         5",
      "-----------------------------------------",
      "all sources          3        3         6",
    ].join("\n"),
  );
});

test("a later answer says what changed", () => {
  const text = renderAnswer(rows, { "SDR generated": 4, Other: 1 });
  expect(text).toMatch(/Other .* 1$/m);
  expect(text).toMatch(/SDR generated .* 5 \(\+1\)$/m);
  expect(text).toMatch(/all sources .* 6 \(\+1\)$/m);
});

test("totals sum over months", () => {
  expect(totals(rows)).toEqual({ "SDR generated": 5, Other: 1 });
});
