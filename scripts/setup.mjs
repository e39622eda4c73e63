/** Sets up a clone: npm packages, then the build. Plain Node, since on a bare clone nothing else is there. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The environment of what we start: private things stay inside the clone. */
export const environment = {
  ...process.env,
  BIZOPS_CACHE: join(root, ".bizops", "cache"),
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
};

/** Ends this script with the exit code of the program that failed; why has been said by then. */
export class StepFailed extends Error {
  constructor(step, exitCode) {
    super(`${step} failed with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Runs a program in the clone; its output is shown. */
export function run(program, args, environment = process.env) {
  const { status, signal } = spawnSync(program, args, {
    cwd: root,
    env: environment,
    stdio: "inherit",
  });
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) throw new StepFailed(`${program} ${args.join(" ")}`, status ?? 1);
}

/** Says what goes on and how long it took. */
export function step(title, act) {
  const started = Date.now();
  console.error(`${title} ...`);
  act();
  console.error(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Brings the clone to the state in which every command runs; does nothing that is done already. */
export function setUp() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(`Node.js ${process.version} is too old; 20 or later is needed`);
    throw new StepFailed("set-up", 2);
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  const marker = join(root, "node_modules", ".bizops-lock");
  if (!existsSync(marker) || readFileSync(marker, "utf8") !== lock) {
    step("npm packages", () => run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]));
    writeFileSync(marker, lock);
  }
  step("build", () =>
    run(
      join(root, "node_modules", ".bin", "turbo"),
      ["run", "build", "--output-logs=errors-only"],
      environment,
    ),
  );
}

/** Runs a script; a failed step has said why, so only its exit code is left to pass on. */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    if (typeof error.exitCode !== "number") throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(setUp);
