/** Private Python environments, made from hashed lock files when first needed. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, UnavailableError } from "@bizops/singer";

/** Minor versions of Python 3 that the locked packages run on; dbt 1.11 does not start on 3.14. */
const oldest = 10;
const newest = 13;
const candidates = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

/** A Python good enough, with its version. */
export interface Python {
  readonly path: string;
  readonly version: string;
}

/** The first Python 3.10 to 3.13 in PATH. @throws ConfigError if there is none, or it cannot make environments */
export function findPython(environment: NodeJS.ProcessEnv): Python {
  const probe = "import sys, venv, ensurepip; print('.'.join(map(str, sys.version_info[:3])))";
  const wanted = `Python 3.${oldest} to 3.${newest}`;
  let problem = `${wanted} is not in PATH`;
  for (const path of candidates) {
    const { status, stdout, stderr } = spawnSync(path, ["-c", probe], {
      env: environment,
      encoding: "utf8",
    });
    if (status !== 0) {
      if (stderr?.includes("ensurepip")) {
        problem = `${path} cannot make environments: install the system package python3-venv`;
      }
      continue;
    }
    const version = stdout.trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === 3 && minor >= oldest && minor <= newest) return { path, version };
    problem = `${path} is Python ${version}; ${wanted} is needed`;
  }
  throw new ConfigError(problem);
}

/** The folder of the environment that belongs to a lock file; the same lock always gives the same folder. */
export function environmentFolder(lockFile: string, cacheFolder: string): string {
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex").slice(0, 12);
  return join(cacheFolder, `python-${hash}`);
}

/**
 * Makes the environment of a lock file unless it is there. Interrupted half-way, the next call starts over.
 * @param onStep told what is being done, since it takes a while
 * @returns its folder; programs are in `bin`
 * @throws ConfigError without a usable Python, UnavailableError if pip fails
 */
export async function ensureEnvironment(
  lockFile: string,
  cacheFolder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onStep: (step: string) => void,
): Promise<string> {
  const folder = environmentFolder(lockFile, cacheFolder);
  const done = join(folder, "complete");
  if (existsSync(done)) return folder;
  const python = findPython(environment);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  onStep(`making a Python ${python.version} environment for ${lockFile}`);
  await run(python.path, ["-m", "venv", folder], environment, signal);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  const install = [...pip, "--require-hashes", "-r", lockFile];
  await run(join(folder, "bin", "python"), install, environment, signal);
  writeFileSync(`${done}.new`, "");
  renameSync(`${done}.new`, done);
  return folder;
}

function run(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    // venv and pip start processes of their own; the group takes them along.
    const onAbort = () => child.pid !== undefined && process.kill(-child.pid, "SIGTERM");
    signal.addEventListener("abort", onAbort);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) return reject(signal.reason);
      if (code === 0) return resolve();
      const [last] = said.trim().split("\n").slice(-1);
      reject(new UnavailableError(`${path} ${args.slice(0, 3).join(" ")} failed: ${last}`));
    });
  });
}
