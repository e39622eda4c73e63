import { decideNext } from "./decide-next.ts";

const policy = { tries: 4, firstWaitSeconds: 10, quotaWaitMinutes: 60 };
const failed = { do: "end", status: "failed" };
const retry = (waitSeconds: number) => ({ do: "retry", waitSeconds });

test.each([
  ["success", [0], { do: "end", status: "succeeded" }],
  ["success at last", [4, 1, 0], { do: "end", status: "succeeded" }],
  ["configuration", [2], failed],
  ["credentials", [3], failed],
  ["contract", [5], failed],
  ["contract at last", [4, 5], failed],
  ["quota", [6], { do: "defer", waitMinutes: 60 }],
  ["quota at last", [4, 6], { do: "defer", waitMinutes: 60 }],
  ["not available", [4], retry(10)],
  ["still not available", [4, 4], retry(40)],
  ["not available for the third time", [4, 4, 4], retry(160)],
  ["not available for the last time", [4, 4, 4, 4], failed],
  ["a bug", [1], retry(0)],
  ["a bug again", [1, 1], failed],
  ["killed", [137], retry(0)],
  ["killed, then a bug", [137, 1], failed],
  ["not available, then a bug", [4, 1], retry(0)],
  ["a bug between", [4, 1, 4], retry(40)],
])("[RUN-6] %s", (_, codes, expected) => {
  expect(decideNext(codes, policy)).toEqual(expected);
});

test("[RUN-6] no wait is longer than an hour", () => {
  expect(decideNext([4, 4, 4, 4, 4, 4, 4], { ...policy, tries: 20 })).toEqual(retry(3600));
});
