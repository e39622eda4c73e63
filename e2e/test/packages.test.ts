/** Each package works alone: packed, installed into an empty folder, run. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
  "packages/target-kit",
  "packages/orchestrator",
  "packages/mapping",
  "schemas",
  "dbt_project",
  "taps/tap-salesforce",
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

test("a project of one's own: bizops run and transform, without this repository", async () => {
  writeFileSync(
    join(folder, "bizops.yml"),
    `pipelines: { salesforce: { tap: tap-salesforce, target: target-postgres, config: { login_url: "\${SFDC_URL}" } } }\n`,
  );
  const bizops = (command: string) =>
    runProgram(join(folder, "node_modules/.bin/bizops"), [command], {
      folder,
      environment: project.environment,
    });
  expect(await bizops("run")).toMatchObject({ code: 0 });
  expect(await bizops("transform")).toMatchObject({ code: 0 });
  const rows = await project.database.query("SELECT * FROM analytics_dev.rpt_sao_by_source");
  expect(rows.length).toBeGreaterThan(10);
});
