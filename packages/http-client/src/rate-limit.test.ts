import { createRateLimiter } from "./rate-limit.ts";

test("no window of 20 s holds more than three starts, even when all ask at once", () => {
  const reserve = createRateLimiter({ requests: 3, perSeconds: 20 });
  expect([0, 0, 0, 0, 0, 0, 0].map(reserve)).toEqual([0, 0, 0, 20, 20, 20, 40]);
  expect(reserve(50_000)).toBe(0);
});
