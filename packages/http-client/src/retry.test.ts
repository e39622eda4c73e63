import { UnavailableError } from "@bizops/singer";
import { decideRetry, parseRetryAfter } from "./retry.ts";

const verdict = (more: object = {}) => ({
  kind: "retry" as const,
  reason: "503",
  maybeProcessed: true,
  exhausted: new UnavailableError("GET /x answered 503"),
  ...more,
});
const facts = { attempt: 1, maxRetries: 3, idempotent: true, random: 0.5, now: 0 };

describe("decideRetry", () => {
  test.each([
    [1, 0.5],
    [2, 1],
    [3, 2],
    [20, 30],
  ])(
    "before attempt %i + 1 the wait is half of the doubled delay, at most of 60 s",
    (attempt, seconds) => {
      expect(decideRetry(verdict(), { ...facts, attempt, maxRetries: 99 })).toEqual({
        action: "wait",
        seconds,
      });
    },
  );

  test("fails when no attempt is left", () => {
    expect(decideRetry(verdict(), { ...facts, attempt: 4 })).toMatchObject({ action: "fail" });
  });

  test("what may have been processed is repeated only if that is harmless", () => {
    const unsafe = { ...facts, idempotent: false };
    expect(decideRetry(verdict(), unsafe).action).toBe("fail");
    expect(decideRetry(verdict({ maybeProcessed: false }), unsafe).action).toBe("wait");
  });

  test("Retry-After is honoured, unless it is absurd", () => {
    expect(decideRetry(verdict({ retryAfter: "7" }), facts)).toEqual({
      action: "wait",
      seconds: 7,
    });
    const next = decideRetry(verdict({ retryAfter: "86400" }), facts);
    expect(next).toMatchObject({ action: "fail", error: { code: "UNAVAILABLE" } });
    expect((next as { error: Error }).error.message).toContain("asks to wait 86400 s");
  });
});

describe("parseRetryAfter", () => {
  test.each([
    ["120", 120],
    ["1.5", 1.5],
    ["Thu, 01 Jan 1970 00:01:30 GMT", 90],
    ["Wed, 31 Dec 1969 23:00:00 GMT", 0],
    ["soon", 0],
    ["", 0],
    [undefined, 0],
  ])("%s", (value, seconds) => {
    expect(parseRetryAfter(value, 0)).toBe(seconds);
  });
});
