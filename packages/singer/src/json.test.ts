import fc from "fast-check";
import {
  isLosslessNumber,
  parseJson,
  parseJsonVerbatim,
  renderJson,
  roundNumbers,
} from "./json.ts";

describe("parseJson and renderJson", () => {
  test.each([
    "12345678901234567890",
    "0.1000000000000000055511151231257827",
    "-9223372036854775809",
    "1e400",
    "1E-400",
    "9007199254740993",
  ])("[WIRE-4] %s keeps its digits", (digits) => {
    const text = `{"a":[{"n":${digits}}],"s":"x"}`;
    expect(renderJson(parseJson(text))).toBe(text);
    expect(renderJson(parseJson(digits))).toBe(digits);
    expect(renderJson(parseJson(`[1,${digits}]`))).toBe(`[1,${digits}]`);
  });

  test("numbers a double holds stay plain numbers", () => {
    expect(parseJson('{"a":1.5,"b":123456789012345,"pad":"0000000000000000"}')).toEqual({
      a: 1.5,
      b: 123456789012345,
      pad: "0000000000000000",
    });
  });

  test("agrees with JSON.parse on every value without long numbers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(roundNumbers(parseJson(text))).toEqual(JSON.parse(text));
        expect(roundNumbers(parseJson(`[${text},12345678901234567890]`))).toEqual(
          JSON.parse(`[${text},12345678901234567890]`),
        );
      }),
    );
  });

  test("a property called __proto__ is data", () => {
    expect(renderJson(parseJson('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  test("parseJsonVerbatim keeps even trailing zeros", () => {
    const value = parseJsonVerbatim('{"a":1.10}') as { a: unknown };
    expect(isLosslessNumber(value.a)).toBe(true);
    expect(renderJson(value as never)).toBe('{"a":1.10}');
  });
});
