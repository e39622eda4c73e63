/** Cells as Zuora writes them. */
import { renderJson } from "@bizops/singer";
import { convertCell } from "./convert-cell.ts";

test.each([
  ["text", "null", '"null"'],
  ["boolean", "true", "true"],
  ["boolean", "False", "false"],
  ["integer", "12", "12"],
  ["integer", "12.000000000", "12"],
  ["decimal", "123.450000000", "123.45"],
  ["decimal", "12345678901234567890.123456789", "12345678901234567890.123456789"],
  ["decimal", "0E-9", "0"],
  ["decimal", "1.5E+10", "15000000000"],
  ["decimal", "1.23456789012345678E+30", "1.23456789012345678E+30"],
  ["decimal", "-.5", "-0.5"],
  ["date", "2024-05-01", '"2024-05-01"'],
  ["date", "2024-05-01T00:00:00-07:00", '"2024-05-01"'],
  ["datetime", "2024-05-01T03:00:00-07:00", '"2024-05-01T10:00:00.000Z"'],
  ["datetime", "2024-05-01T03:00:00-0700", '"2024-05-01T10:00:00.000Z"'],
  ["datetime", "2024-05-01T10:00:00Z", '"2024-05-01T10:00:00.000Z"'],
])("%s %s is %s", (type, cell, expected) => {
  expect(renderJson(convertCell("Field", type, cell))).toBe(expected);
});

test.each([
  ["boolean", "secret"],
  ["integer", "1.5.secret"],
  ["decimal", "1,000 secret"],
  ["date", "01/05/2024 secret"],
  ["datetime", "2024-05-01T10:00:00"],
  ["id", "2c92secret"],
])("a %s that is none is named without its value", (type, cell) => {
  expect(() => convertCell("Field", type, cell)).toThrow(/^Field holds what is no/);
  expect(() => convertCell("Field", type, cell)).not.toThrow(/secret|2024/);
});
