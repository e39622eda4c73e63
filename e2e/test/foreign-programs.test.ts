/** Programs other people wrote, on both sides of the pipe. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEnvironment } from "@bizops/python-environment";
import { commandPath, runProgram } from "@bizops/testkit";
import { cacheFolder, createScratchProject, type ScratchProject } from "./scratch-project.ts";

let project: ScratchProject;
let folder: string;
const programs: { [name: string]: string } = {};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bizops-foreign-"));
  project = await createScratchProject(1000);
  for (const name of ["singer-tools", "tap-jsonl", "meltanolabs-target-postgres"]) {
    const lock = fileURLToPath(new URL(`../python/${name}.lock`, import.meta.url));
    const signal = new AbortController().signal;
    const made = await ensureEnvironment(lock, cacheFolder, process.env, signal, () => {});
    programs[name] = join(made, "bin");
  }
});
afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

const writeJson = (name: string, value: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
};
const runOurTap = async () => {
  const config = writeJson("tap.json", { login_url: project.sandbox.url });
  const run = await runProgram(commandPath("tap-salesforce"), ["--config", config], project);
  expect(run).toMatchObject({ code: 0 });
  return run.stdout;
};

test("singer-check-tap accepts the output of tap-salesforce", async () => {
  const check = await runProgram(`${programs["singer-tools"]}/singer-check-tap`, [], {
    input: await runOurTap(),
  });
  expect(check).toMatchObject({ code: 0 });
  expect(check.stdout + check.stderr).toMatch(/The output is valid/);
});

test("tap-salesforce | MeltanoLabs' target-postgres loads the rows ours loads", async () => {
  const messages = await runOurTap();
  const { PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME, PG_PASSWORD } =
    project.database.environment;
  const config = writeJson("target.json", {
    host: PG_ADDRESS,
    port: Number(PG_PORT),
    database: PG_DATABASE,
    user: PG_USERNAME,
    password: PG_PASSWORD,
    default_target_schema: "theirs",
  });
  const theirs = await runProgram(
    `${programs["meltanolabs-target-postgres"]}/target-postgres`,
    ["--config", config],
    { input: messages },
  );
  expect(theirs).toMatchObject({ code: 0 });
  const ours = await runProgram(commandPath("target-postgres"), [], {
    input: messages,
    environment: { ...project.environment, TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA: "ours" },
  });
  expect(ours).toMatchObject({ code: 0 });
  // The foreign target has no zone in its timestamps; that is its known fault, not a difference of data.
  for (const object of ["Opportunity", "Contact", "CampaignMember"]) {
    const rows = async (schema: string) =>
      project.database.query(
        `SELECT "Id", "SystemModstamp"::text AS at, "IsDeleted"::text FROM ${schema}."${object}" ORDER BY "Id"`,
      );
    const [a, b] = [await rows("ours"), await rows("theirs")];
    expect(a.length).toBeGreaterThan(10);
    expect(a.map((row) => ({ ...row, at: String(row.at).replace(/\+00$/, "") }))).toEqual(b);
  }
});

/** Our programs then know of no warehouse; the foreign target has its own settings. */
const noWarehouse = { PG_DATABASE: "" };

test("[RUN-2] the state of a target that keeps none is kept in a file, and read again", async () => {
  const { PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME } = project.database.environment;
  const ours = join(folder, "file-state");
  mkdirSync(ours);
  writeFileSync(
    join(ours, "bizops.yml"),
    `pipelines:
  salesforce:
    tap: tap-salesforce
    target:
      name: ${programs["meltanolabs-target-postgres"]}/target-postgres
      config: { host: "${PG_ADDRESS}", port: ${PG_PORT}, database: ${PG_DATABASE}, user: ${PG_USERNAME}, password: "\${PG_PASSWORD}", default_target_schema: filed }
    config: { login_url: "${project.sandbox.url}" }
`,
  );
  const first = await project.bizops(["run", "--json"], {
    folder: ours,
    environment: noWarehouse,
  });
  expect(first).toMatchObject({ code: 0 });
  const state = JSON.parse(readFileSync(join(ours, ".bizops/state/salesforce.json"), "utf8"));
  expect(Object.keys(state.bookmarks)).toContain("Opportunity");
  const second = await project.bizops(["run", "--json"], {
    folder: ours,
    environment: noWarehouse,
  });
  const sum = (stdout: string) =>
    Object.values<number>(JSON.parse(stdout)[0].rows).reduce((total, count) => total + count, 0);
  expect(sum(second.stdout)).toBeLessThan(sum(first.stdout) / 4);
});

test("[EXIT-2] a state file that cannot be written ends the run; both programs are gone", async () => {
  const ours = join(folder, "blocked-state");
  mkdirSync(join(ours, ".bizops"), { recursive: true });
  writeFileSync(join(ours, ".bizops/state"), "a file where a folder should be");
  writeFileSync(
    join(ours, "bizops.yml"),
    `pipelines: { salesforce: { tap: tap-salesforce, target: cat-states, config: { login_url: "${project.sandbox.url}" } } }\n`,
  );
  mkdirSync(join(ours, "node_modules/.bin"), { recursive: true });
  // A target of three lines: it puts out the value of each STATE and keeps nothing.
  writeFileSync(
    join(ours, "node_modules/.bin/cat-states"),
    `#!/bin/sh
[ "$1" = --about ] && exit 1
sed -n 's/^{"type":"STATE","value":\\(.*\\)}$/\\1/p'
`,
    { mode: 0o755 },
  );
  const run = await project.bizops(["run", "--full-refresh"], {
    folder: ours,
    environment: noWarehouse,
  });
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/CRITICAL the state file .* cannot be written/);
});

test("[RUN-3] programs get their settings in files only we can read; nothing secret is in argv", async () => {
  const ours = join(folder, "spy");
  mkdirSync(ours);
  const spy = join(ours, "tap-spy");
  writeFileSync(
    spy,
    `#!${process.execPath}
const { statSync, writeFileSync } = require("node:fs");
const [, , ...argv] = process.argv;
const modes = argv.filter((word) => word.startsWith("/")).map((file) => statSync(file).mode & 0o777);
writeFileSync("seen.json", JSON.stringify({ argv, modes }));
`,
    { mode: 0o755 },
  );
  writeFileSync(
    join(ours, "bizops.yml"),
    `pipelines: { spy: { tap: ${spy}, target: target-postgres, config: { token: "\${SPY_TOKEN}" } } }\n`,
  );
  const run = await project.bizops(["run"], {
    folder: ours,
    environment: { SPY_TOKEN: "hunter2" },
  });
  expect(run).toMatchObject({ code: 0 });
  const { argv, modes } = JSON.parse(readFileSync(join(ours, "seen.json"), "utf8"));
  expect(argv.join(" ")).not.toContain("hunter2");
  expect(modes).toEqual([0o600]);
  expect(existsSync(argv[1])).toBe(false);
});

test("[RUN-1] bizops runs tap-jsonl into our target-postgres, twice, keeping its state", async () => {
  const people = [
    { id: 1, name: 'Ann "A"', score: 1.5, tags: ["a"], at: "2024-01-01T00:00:00+02:00" },
    { id: 2, name: "line\nbreak", score: null, tags: [], at: "2024-02-29T12:00:00Z" },
  ];
  const file = writeJson("people.jsonl", people.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeJson(
    "bizops.yml",
    `pipelines:
  foreign:
    tap: ${programs["tap-jsonl"]}/tap-jsonl
    target: target-postgres
    config: { path: "${file}", stream_name: people, primary_keys: [id] }
`,
  );
  for (let time = 0; time < 2; time += 1) {
    const run = await project.bizops(["run", "foreign"], { folder });
    expect(run).toMatchObject({ code: 0 });
  }
  const rows = await project.database.query(
    `SELECT id::int, name, score::float, tags FROM "foreign".people ORDER BY id`,
  );
  expect(rows).toEqual(people.map(({ at: _, ...row }) => row));
  const [{ state } = { state: "" }] = await project.database.query<{ state: string }>(
    `SELECT state FROM "foreign"._state WHERE state_id = 'foreign'`,
  );
  expect(JSON.parse(state).bookmarks).toHaveProperty("people");
});
