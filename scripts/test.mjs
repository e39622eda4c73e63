/** `npm test`: sets up what is missing, then lint, layers, types and all tests; ends with the sum of all suites. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment, main, root, run, StepFailed, setUp, step } from "./setup.mjs";

/** The lock files of the private Python environments that the tests use. */
const pythonLocks = [
  "dbt_project/requirements.lock",
  "packages/dashboards/python/requirements.lock",
  "e2e/python/meltanolabs-target-postgres.lock",
  "e2e/python/singer-tools.lock",
  "e2e/python/tap-jsonl.lock",
];

const bin = (name) => join(root, "node_modules", ".bin", name);

/** Makes the Python environments; a missing system package is named before any test runs. */
async function makePythonEnvironments() {
  const { ensureEnvironment, findPython } = await import("@bizops/python-environment");
  findPython(process.env);
  const { signal } = new AbortController();
  const say = (text) => console.error(text);
  await Promise.all(
    pythonLocks.map((lock) =>
      ensureEnvironment(join(root, lock), environment.BIZOPS_CACHE, process.env, signal, say),
    ),
  );
}

/** The dashboards are looked at with a real browser, which no package brings. */
function requireBrowser() {
  const path = process.env.BIZOPS_CHROMIUM ?? "/usr/bin/chromium";
  if (existsSync(path)) return;
  const mayInstall = process.env.BIZOPS_CHROMIUM === undefined && process.getuid?.() === 0;
  if (!mayInstall || !existsSync("/usr/bin/apt-get")) {
    console.error(
      `${path} is missing: install the system package chromium, or name a Chromium in BIZOPS_CHROMIUM`,
    );
    throw new StepFailed("set-up", 2);
  }
  step("chromium", () => {
    run("apt-get", ["update", "-q"]);
    run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"]);
  });
}

function resultFiles() {
  const folders = ["packages", "taps", "targets"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return [...folders, join(root, "e2e")].map((folder) => join(folder, "test-results.json"));
}

function hasTests(resultFile) {
  const manifest = JSON.parse(readFileSync(join(resultFile, "..", "package.json"), "utf8"));
  return manifest.scripts?.test !== undefined;
}

/** Adds up what the suites wrote; a suite that could not even start counts as one failure. */
function sumResults() {
  let passed = 0;
  let failed = 0;
  for (const file of resultFiles()) {
    let results;
    try {
      results = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      if (hasTests(file)) failed += 1;
      continue;
    }
    passed += results.numPassedTests;
    failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  }
  console.log(`${passed} passed, ${failed} failed`);
}

await main(async () => {
  requireBrowser();
  setUp();
  await makePythonEnvironments();
  step("lint", () => run(bin("biome"), ["check", "--error-on-warnings", "."]));
  step("layers", () => run("npm", ["run", "--silent", "lint:layers"]));
  step("types of the tests", () => run(bin("tsc"), ["-p", "tsconfig.tests.json"]));
  for (const file of resultFiles()) rmSync(file, { force: true });
  try {
    const flags = [
      "--concurrency=2",
      "--continue",
      "--output-logs=new-only",
      ...process.argv.slice(2),
    ];
    run(bin("turbo"), ["run", "test", ...flags], environment);
  } finally {
    sumResults();
  }
});
