/** Each package works alone: packed, installed into an empty folder, run. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "@bizops/testkit";
import { createScratchProject, type ScratchProject } from "./scratch-project.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = [
  "packages/singer",
  "packages/connector-kit",
  "packages/http-client",
  "packages/tap-kit",
  "packages/tap-kit-bulk",
  "packages/target-kit",
  "packages/run-store",
  "packages/python-environment",
  "packages/orchestrator",
  "packages/mapping",
  "schemas",
  "dbt_project",
  "taps/tap-salesforce",
  "taps/tap-zuora",
  "taps/tap-marketo",
  "targets/target-postgres",
];
const folder = mkdtempSync(join(tmpdir(), "bizops-packages-"));
let project: ScratchProject;
beforeAll(async () => {
  project = await createScratchProject();
  const npm = (...args: string[]) =>
    execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      encoding: "utf8",
    });
  npm("pack", "--pack-destination", folder, ...packages.map((path) => join(root, path)));
  const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  npm("install", "--prefer-offline", ...tarballs.map((name) => join(folder, name)));
});
afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

test("tap | target in a shell, out of packed packages", async () => {
  const { environment } = project;
  const run = await runProgram(
    "sh",
    ["-c", "npx tap-salesforce --config ENV | npx target-postgres --config ENV"],
    { folder, environment },
  );
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout.trim().split("\n").at(-1)!).bookmarks).toHaveProperty("Opportunity");
  const [row] = await project.database.query('SELECT count(*)::int AS n FROM public."Opportunity"');
  expect(row).toEqual({ n: (await project.truth("Opportunity")).length });
});

test("[INIT-1] a project of one's own: npm install, bizops init, .env, bizops run", async () => {
  const bizops = (...args: string[]) =>
    runProgram(join(folder, "node_modules/.bin/bizops"), args, { folder });
  const init = await bizops("init");
  expect(init).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "bizops.yml"), "utf8")).toMatch(/tap: tap-salesforce/);
  const example = readFileSync(join(folder, ".env.example"), "utf8");
  expect(example).toMatch(/^BIZOPS_PSEUDONYM_KEY=$/m);
  const dotEnv = join(folder, ".env");
  expect(statSync(dotEnv).mode & 0o777).toBe(0o600);
  const key = /^BIZOPS_PSEUDONYM_KEY=([0-9a-f]{64})$/m.exec(readFileSync(dotEnv, "utf8"))?.[1];
  expect(key).toBeDefined();

  // As a user fills the file in: every name the example lists that the sandbox has a value for.
  const { BIZOPS_PSEUDONYM_KEY: _, BIZOPS_CACHE, ...values } = project.environment;
  const names = [...example.matchAll(/^# (\w+)=$/gm)].map(([, name]) => name!);
  expect(names).toEqual(expect.arrayContaining(Object.keys(values)));
  const lines = names.filter((name) => name in values).map((name) => `${name}=${values[name]}`);
  writeFileSync(dotEnv, [...lines, `BIZOPS_CACHE=${BIZOPS_CACHE}`, ""].join("\n"), { flag: "a" });

  const model = "select count(*) as saos from {{ ref('fct_sao') }}\n";
  writeFileSync(join(folder, "models/own_count.sql"), model);
  expect(await bizops("mapping", "generate", "salesforce")).toMatchObject({ code: 0 });
  expect(await bizops("run", "salesforce", "--transform")).toMatchObject({ code: 0 });
  const rows = await project.database.query("SELECT * FROM analytics_dev.rpt_sao_by_source");
  expect(rows.length).toBeGreaterThan(10);
  const [own] = await project.database.query("SELECT saos::int FROM analytics_dev.own_count");
  const [facts] = await project.database.query(
    "SELECT count(*)::int AS saos FROM analytics_dev.fct_sao",
  );
  expect(own).toEqual(facts);
});

test("[INIT-2] bizops init leaves alone what is there; without a tap it says what to install", async () => {
  const bizops = join(folder, "node_modules/.bin/bizops");
  const before = readFileSync(join(folder, ".env"), "utf8");
  const again = await runProgram(bizops, ["init", "--json"], { folder });
  expect(JSON.parse(again.stdout).every(({ kept }: { kept: boolean }) => kept)).toBe(true);
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(before);
  const empty = mkdtempSync(join(tmpdir(), "bizops-empty-"));
  const refused = await runProgram(bizops, ["init", empty]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/npm install @bizops\/tap-salesforce/);
  rmSync(empty, { recursive: true });
});
