import { decideOutcome } from "./decide-outcome.ts";

const code = (value: number) => ({ code: value, signal: null });
const end = { targetEndedFirst: false, bytes: 0 };

test.each([
  ["both fine", { tap: code(0), target: code(0) }, { exitCode: 0 }],
  ["tap fails", { tap: code(3), target: code(0) }, { exitCode: 3, blame: "tap" }],
  ["target fails at the end", { tap: code(0), target: code(4) }, { exitCode: 4, blame: "target" }],
  [
    "target dies, tap gets a broken pipe",
    { tap: code(141), target: code(4), targetEndedFirst: true },
    { exitCode: 4, blame: "target" },
  ],
  [
    "tap is killed in mid-line, target complains of it",
    { tap: { code: null, signal: "SIGKILL" as const }, target: code(5) },
    { exitCode: 137, blame: "tap" },
  ],
  ["both fail by themselves", { tap: code(6), target: code(3) }, { exitCode: 3, blame: "both" }],
  [
    "a signal ends the tap in good order",
    { tap: code(143), target: code(0) },
    { exitCode: 143, blame: "tap" },
  ],
])("[RUN-4] %s", (_, ends, expected) => {
  expect(decideOutcome({ ...end, ...ends })).toEqual(expected);
});
