/** `bizops demo` as a user would type it: twice, stopped half-way, with nothing left behind. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandPath, type RunOptions, runProgram } from "@bizops/testkit";
import { cacheFolder } from "./scratch-project.ts";

const folder = mkdtempSync(join(tmpdir(), "bizops-demo-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const demo = (options: RunOptions = {}, ...args: string[]) =>
  runProgram(
    commandPath("bizops"),
    ["demo", "--folder", join(folder, "demo"), "--size", "1000", ...args],
    { folder, environment: { BIZOPS_CACHE: cacheFolder }, ...options },
  );

/** Processes that name the demo's folder, by the system's own list. */
function findLeftovers(): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(folder));
}

test.each([
  ["as soon as it starts", /First run/],
  ["while PostgreSQL and the sandbox start", /PostgreSQL listens/],
  ["while data are loaded", /1\. Extract/],
  ["while dbt runs", /2\. Transform/],
])("Ctrl-C %s leaves nothing running", async (_, moment) => {
  const run = await demo({
    onStart(child) {
      child.stdout!.on("data", (chunk) => {
        if (moment.test(String(chunk))) child.kill("SIGINT");
      });
    },
  });
  expect(run.code).toBe(130);
  expect(findLeftovers()).toEqual([]);
});

test("after all that it runs through, says the answer and what to try next; again it reads only changes", async () => {
  const first = await demo();
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/all sources +\d+/);
  expect(first.stdout).toMatch(/npm run demo/);
  const second = await demo();
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).toMatch(/Run 2/);
  const rows = (text: string) =>
    Number(/salesforce: ([\d,]+) rows/.exec(text)![1]!.replace(",", ""));
  expect(rows(second.stdout)).toBeLessThan(200);
  expect(findLeftovers()).toEqual([]);
});

test("its key is readable by us alone and made once", () => {
  const file = join(folder, "demo", ".env");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toMatch(/^BIZOPS_PSEUDONYM_KEY=[0-9a-f]{64}\n$/);
});

test("[EXIT-2] a folder that cannot be written, a size that is none", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const blocked = await demo({}, "--folder", join(file, "below"));
  expect(blocked.code).toBe(2);
  expect(blocked.stderr).toMatch(/cannot be written/);
  const small = await demo({}, "--size", "12");
  expect(small.code).toBe(2);
  expect(small.stderr).toMatch(/--size must be/);
});
