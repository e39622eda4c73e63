import fc from "fast-check";
import { microsSince2000, parseDate, parseInstant, parseTime } from "./instant.ts";

describe("parseInstant", () => {
  test.each([
    ["2024-01-01T01:00:00+02:00", "2023-12-31T23:00:00Z"],
    ["2024-01-01T01:00:00", "2024-01-01T01:00:00Z"],
    ["2024-01-01 01:00:00.120000", "2024-01-01T01:00:00.12Z"],
    ["2024-01-01T01:00:00.123456789Z", "2024-01-01T01:00:00.123456Z"],
    ["2024-01-01", "2024-01-01T00:00:00Z"],
    ["2024-01-01T00:00:00-0330", "2024-01-01T03:30:00Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
    ["0044-03-15T12:00:00Z BC", "0044-03-15T12:00:00Z BC"],
    ["0001-01-01T00:00:00+01:00", "0001-12-31T23:00:00Z BC"],
    ["12024-02-29T00:00:00Z", "12024-02-29T00:00:00Z"],
    ["2023-12-31T24:00:00Z", "2024-01-01T00:00:00Z"],
    ["infinity", "infinity"],
  ])("%s -> %s", (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  test.each([
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-01T25:00:00Z",
    "2024-01-01T24:00:01Z",
    "2024-01-01T00:00:00+16:00",
    "294276-12-31T23:00:00-02:00",
    "300000-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "soon",
    "2024-01-01T",
    "",
  ])("%j is refused", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test("agrees with Date on every instant with an offset", () => {
    const instant = fc.date({
      min: new Date("1000-01-02"),
      max: new Date("9999-12-30"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.integer({ min: -840, max: 840 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const zone = `${offset < 0 ? "-" : "+"}${[
          Math.trunc(Math.abs(offset) / 60),
          Math.abs(offset) % 60,
        ]
          .map((part) => String(part).padStart(2, "0"))
          .join(":")}`;
        const parsed = parseInstant(local + zone)!;
        expect(Date.parse(parsed)).toBe(date.getTime());
        expect(microsSince2000(parsed)).toBe(BigInt(date.getTime() - 946_684_800_000) * 1000n);
      }),
    );
  });
});

test("dates and times of day", () => {
  expect(parseDate("2024-02-29")).toBe("2024-02-29");
  expect(parseDate("1900-02-29")).toBeUndefined();
  expect(parseDate("2024-01-01T00:00:00Z")).toBeUndefined();
  expect(parseDate("0005-02-29 BC")).toBe("0005-02-29 BC");
  expect(parseTime("10:11:12.5Z")).toBe("10:11:12.5");
  expect(parseTime("10:11")).toBe("10:11:00");
  expect(parseTime("10:11:12+02:00")).toBeUndefined();
  expect(parseTime("23:59:60Z")).toBe("24:00:00");
  expect(parseTime("24:00:00.5")).toBeUndefined();
  expect(parseTime("24:01")).toBeUndefined();
});
