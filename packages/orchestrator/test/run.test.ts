/** `bizops run`: many pipelines, their order, their retries. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createTestProject, type TestProject } from "./use-project.ts";

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject();
});
afterEach(() => project.close());

const summary = (
  reports: { pipeline: string; status: string; exitCode: number; attempts: number }[],
) =>
  reports.map(({ pipeline, status, exitCode, attempts }) => [pipeline, status, exitCode, attempts]);
const countRows = async (table: string) => {
  const [row] = await project.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${table}`,
  );
  return row?.n;
};
/** Events on stderr, which is no terminal here. */
const readEvents = (stderr: string) =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

test("[RUN-6] [RUN-7] each pipeline has its own fate; the exit code is the worst", async () => {
  project.configure({
    fine: {},
    flaky: { config: { codes: [4, 4] } },
    unlucky: { config: { codes: [1] } },
    broken: { config: { codes: [1, 1] } },
    away: { config: { codes: [4, 4, 4, 4, 4] }, retry: { tries: 3, first_wait_seconds: 0 } },
    spent: { config: { codes: [6] } },
    wrong: { config: { codes: [3] } },
    behind: { after: ["wrong", "fine"] },
    next: { after: ["fine"] },
  });
  const { code, answer } = await project.ask(["run", "--parallel", "3"]);
  expect(summary(answer)).toEqual([
    ["fine", "succeeded", 0, 1],
    ["flaky", "succeeded", 0, 3],
    ["unlucky", "succeeded", 0, 2],
    ["broken", "failed", 1, 2],
    ["away", "failed", 4, 3],
    ["spent", "deferred", 6, 1],
    ["wrong", "failed", 3, 1],
    ["behind", "skipped", 3, 0],
    ["next", "succeeded", 0, 1],
  ]);
  expect(code).toBe(1);
  const order = project.calls().map(({ tap }) => tap);
  expect(order.indexOf("next")).toBeGreaterThan(order.indexOf("fine"));
  expect(await countRows("flaky.numbers")).toBe(30);
});

test("[RUN-8] what happens is said as JSON events, one a line, and kept in the warehouse", async () => {
  project.configure({ flaky: { config: { codes: [4] } } });
  const { stderr } = await project.bizops(["run"]);
  const events = readEvents(stderr);
  expect(events.map(({ event }) => event)).toEqual([
    "started",
    "attempt",
    "said",
    "waiting",
    "attempt",
    "ended",
  ]);
  expect(events[2]).toMatchObject({ source: "tap", line: "CRITICAL it ended with 4" });
  const { answer: runs } = await project.ask(["runs", "list"]);
  expect(runs).toMatchObject([{ pipeline: "flaky", status: "succeeded", exitCode: 0, rows: 20 }]);
  const { answer: run } = await project.ask(["runs", "show", String(runs[0].id)]);
  expect(run).toMatchObject({
    attempts: [
      { number: 1, exitCode: 4, blame: "tap", rows: { numbers: 10 }, stateBefore: null },
      { number: 2, exitCode: 0, rows: { numbers: 10 } },
    ],
    events: [{ event: "waiting", detail: { exitCode: 4, seconds: 0.05 } }],
  });
  const [first, second] = run.attempts;
  expect(JSON.parse(first.stateAfter).bookmarks).toEqual({ numbers: { id: 10 } });
  expect(second.stateBefore).toBe(first.stateAfter);
  const logs = await project.bizops(["runs", "logs", String(runs[0].id)]);
  expect(logs.stdout).toContain("tap CRITICAL it ended with 4");
});

test("[RUN-9] --dry-run prints the plan and touches nothing", async () => {
  project.configure({ b: { after: ["a"] }, a: {} }, { transform: { after_run: true } });
  const flags = ["--dry-run", "--from", "2024-01-01", "--select", "numbers"];
  // No warehouse is asked, so none need be there.
  const environment = { PG_PORT: "1" };
  const { code, answer } = await project.ask(["run", ...flags], { environment });
  expect(code).toBe(0);
  expect(answer).toMatchObject({
    parallel: 4,
    transform: true,
    runs: [
      { pipeline: "b", after: ["a"], options: { from: "2024-01-01", select: ["numbers"] } },
      { pipeline: "a", tap: "tap-script", target: "target-postgres", after: [] },
    ],
  });
  const words = await project.bizops(["run", "b", ...flags, "--no-transform"], { environment });
  expect(words.stdout).toBe(
    "b: tap-script | target-postgres, from 2024-01-01, only numbers\n4 at once\n",
  );
  expect(project.calls()).toEqual([]);
  expect(readdirSync(project.folder).sort()).toEqual(["bizops.yml", "node_modules"]);
});

test("[RUN-10] a backfill reads a window and leaves the state where it was", async () => {
  project.configure({ a: { config: { start_date: "2020-01-01" } } });
  await project.bizops(["run"]);
  const before = await project.bizops(["state", "get", "a"]);
  expect(JSON.parse(before.stdout).bookmarks).toEqual({ numbers: { id: 10 } });
  const run = await project.bizops(["run", "--from", "2024-01-01", "--to", "2024-02-01"]);
  expect(run.code).toBe(0);
  expect(await project.bizops(["state", "get", "a"])).toEqual(before);
  expect(project.calls()).toMatchObject([
    { start: "2020-01-01", end: null, state: null },
    { start: "2024-01-01", end: "2024-02-01", state: null },
  ]);
});

test("[RUN-11] select in the file and --select choose streams; --full-refresh starts anew", async () => {
  project.configure({ a: { select: ["*", "!numbers.name"] } });
  for (const flags of [[], ["--select", "letters"], ["--full-refresh"]]) {
    expect(await project.bizops(["run", ...flags])).toMatchObject({ code: 0 });
  }
  expect(project.calls().map(({ selected, state }) => [selected, state !== null])).toEqual([
    [["numbers", "letters"], false],
    [["letters"], true],
    [["numbers", "letters"], false],
  ]);
  const nothing = await project.bizops(["run", "--select", "digits"]);
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toMatch(/no stream is named like digits/);
});

test.each([
  [
    "a window that is empty",
    ["--from", "2024-02-01", "--to", "2024-02-01"],
    /--from must be before/,
  ],
  ["a time that is none", ["--from", "yesterday"], /--from must be a time/],
  ["a refresh of a window", ["--full-refresh", "--to", "2024-01-01"], /leave it out/],
  ["no pipeline at once", ["--parallel", "0"], /whole number above 0/],
])("[EXIT-2] %s", async (_, flags, message) => {
  project.configure({ a: {} });
  const run = await project.bizops(["run", "--dry-run", ...flags]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(message);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the file's
const variable = "${NOT_SET}";

test("[EXIT-2] a variable that is not set stops only the pipelines that need it", async () => {
  project.configure({ a: {}, b: { config: { url: variable } } });
  expect(await project.bizops(["run", "a"])).toMatchObject({ code: 0 });
  const run = await project.bizops(["run"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/bizops.yml:\d+: the variable NOT_SET is not set/);
});

test("[RUN-12] runs retry: one run with its options, or all whose latest run did not succeed", async () => {
  project.configure({
    a: { config: { codes: [3, 3] } },
    b: {},
    c: { config: { codes: [6] } },
  });
  await project.bizops(["run", "--from", "2024-01-01"]);
  const { answer: runs } = await project.ask(["runs", "list", "a"]);
  const one = await project.ask(["runs", "retry", String(runs[0].id)]);
  expect(summary(one.answer)).toEqual([["a", "failed", 3, 1]]);
  // The quota of c is not expected back within the hour.
  const all = await project.ask(["runs", "retry"]);
  expect(summary(all.answer)).toEqual([["a", "succeeded", 0, 1]]);
  expect(project.calls().map(({ tap, start }) => [tap, start])).toEqual(
    expect.arrayContaining([["a", "2024-01-01"]]),
  );
  const { answer: last } = await project.ask(["runs", "list", "a", "--limit", "1"]);
  expect(last).toMatchObject([{ retryOf: one.answer[0].run, options: { from: "2024-01-01" } }]);
  expect(await project.bizops(["runs", "retry"])).toMatchObject({
    code: 0,
    stdout: "nothing to try again\n",
  });
});

test("[RUN-7] the transformation is a run of its own, last, recorded, and tried again by runs retry", async () => {
  project.configure(
    { a: {}, b: { config: { codes: [3] } } },
    { transform: { project: "no-dbt", after_run: true } },
  );
  // Without a Python the transformation ends before it begins; how dbt runs is for the tests of the whole way.
  const environment = { BIZOPS_CACHE: project.path("cache"), PATH: withoutPython() };
  const { code, answer } = await project.ask(["run"], { environment });
  expect(summary(answer)).toEqual([
    ["a", "succeeded", 0, 1],
    ["b", "failed", 3, 1],
    ["transform", "failed", 2, 1],
  ]);
  expect(code).toBe(2);
  const { answer: runs } = await project.ask(["runs", "list", "transform"]);
  expect(runs).toMatchObject([{ pipeline: "transform", status: "failed", exitCode: 2 }]);
  const { answer: again } = await project.ask(["runs", "retry"], { environment });
  expect(summary(again)).toEqual([
    ["b", "succeeded", 0, 1],
    ["transform", "failed", 2, 1],
  ]);
});

/** A PATH in which there is Node and a shell, and nothing else. */
function withoutPython(): string {
  const folder = project.path("bin");
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, "node"));
  for (const name of ["sh", "env", "sed"]) {
    const found = ["/bin", "/usr/bin"]
      .map((bin) => join(bin, name))
      .find((path) => existsSync(path));
    symlinkSync(found!, join(folder, name));
  }
  return folder;
}
