/** A Superset of one's own: made, started on the loopback interface, stopped. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ensureEnvironment } from "@bizops/python-environment";
import { ConfigError, UnavailableError } from "@bizops/singer";
import { readReader } from "./reader-role.ts";
import { keepSecret } from "./secrets.ts";

/** A Superset that answers. */
export interface LocalSuperset {
  readonly url: string;
  readonly login: { readonly username: string; readonly password: string };
  /** Its user was made just now. */
  readonly isNew: boolean;
}

export interface Status {
  readonly running: boolean;
  readonly url?: string;
  readonly answers?: boolean;
}

/** What `up` leaves for the next command. */
interface Running {
  readonly pid: number;
  readonly url: string;
}

const python = fileURLToPath(new URL("../python/", import.meta.url));
const adminName = "admin";
const adminPassword = "admin-password";
const startSeconds = 180;
const stopSeconds = 20;

/**
 * Starts it unless it runs already. The first time takes minutes: its packages are 700 MB.
 * @throws ConfigError, UnavailableError with the end of its log
 */
export async function startSuperset(
  folder: string,
  port: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onStep: (step: string) => void,
): Promise<LocalSuperset> {
  if (!/^\d{1,5}$/.test(port)) throw new ConfigError(`--port ${port} is not a port`);
  const make = () => randomBytes(18).toString("base64url");
  const login = { username: adminName, password: keepSecret(folder, adminPassword, make) };
  const running = readRunning(folder);
  if (running !== undefined && (await answers(running.url))) {
    return { url: running.url, login, isNew: false };
  }
  const cache = environment.BIZOPS_CACHE ?? join(".bizops", "cache");
  const lock = join(python, "requirements.lock");
  const programs = join(await ensureEnvironment(lock, cache, environment, signal, onStep), "bin");
  const own = {
    ...environment,
    BIZOPS_SUPERSET_DATABASE: resolve(folder, "superset.db"),
    BIZOPS_SUPERSET_KEY: keepSecret(folder, "key", () => randomBytes(42).toString("base64")),
    SUPERSET_CONFIG_PATH: join(python, "superset_config.py"),
    SUPERSET_HOME: resolve(folder),
  };
  const log = join(folder, "superset.log");
  const prepared = join(folder, "prepared");
  const isNew = !existsSync(prepared);
  if (isNew) {
    onStep("preparing Superset's own database, about a minute");
    rmSync(own.BIZOPS_SUPERSET_DATABASE, { force: true });
    await prepare(resolve(programs, "python"), login.password, own, log, signal);
    writeFileSync(prepared, "");
  }
  onStep("starting Superset");
  const url = `http://127.0.0.1:${port}`;
  await launch(resolve(programs, "python"), url, folder, own, log, signal);
  return { url, login, isNew };
}

/** Ends it in good order. @returns whether it was running @throws UnavailableError if it does not end */
export async function stopSuperset(folder: string): Promise<boolean> {
  const running = readRunning(folder);
  if (running === undefined) return false;
  process.kill(running.pid, "SIGTERM");
  for (const end = Date.now() + stopSeconds * 1000; Date.now() < end; await delay(100)) {
    if (isSuperset(running.pid)) continue;
    rmSync(runningFile(folder), { force: true });
    return true;
  }
  throw new UnavailableError(
    `Superset (process ${running.pid}) did not end within ${stopSeconds} s`,
  );
}

export async function readStatus(folder: string): Promise<Status> {
  const running = readRunning(folder);
  if (running === undefined) return { running: false };
  return { running: true, url: running.url, answers: await answers(running.url) };
}

/** The environment; where it names no Superset, the one that was started here and what it was started with. */
export function withLocalSuperset(
  environment: NodeJS.ProcessEnv,
  folder: string,
): NodeJS.ProcessEnv {
  const running = environment.SUPERSET_URL ? undefined : readRunning(folder);
  if (running === undefined) return environment;
  const reader = readReader(folder);
  const password = readFileSync(join(folder, adminPassword), "utf8");
  const local = { SUPERSET_USERNAME: adminName, SUPERSET_PASSWORD: password, ...reader };
  return { ...local, ...environment, SUPERSET_URL: running.url };
}

/** The password goes over a pipe: arguments can be seen by everybody on the machine. */
function prepare(
  program: string,
  password: string,
  environment: NodeJS.ProcessEnv,
  log: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((done, reject) => {
    const output = openSync(log, "a", 0o600);
    const child = spawn(program, [join(python, "prepare.py")], {
      env: environment,
      detached: true,
      stdio: ["pipe", output, output],
    });
    closeSync(output);
    const onAbort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", onAbort);
    child.stdin?.on("error", () => {}); // it ended early, which its exit code tells
    child.stdin?.end(`${password}\n`);
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) return reject(signal.reason);
      if (code === 0) return done();
      reject(new UnavailableError(`Superset could not be prepared: ${lastLine(log)}; see ${log}`));
    });
  });
}

/** It outlives us; what ends before it answers is an error of its own. */
async function launch(
  program: string,
  url: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  log: string,
  signal: AbortSignal,
): Promise<void> {
  const output = openSync(log, "a", 0o600);
  const flags = ["-w", "1", "-k", "gthread", "--threads", "8", "--timeout", "120"];
  const bind = ["-b", new URL(url).host, "superset.app:create_app()"];
  const child = spawn(program, ["-m", "gunicorn", ...flags, ...bind], {
    env: environment,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const running: Running = { pid: child.pid ?? 0, url };
  writeFileSync(runningFile(folder), JSON.stringify(running));
  for (const end = Date.now() + startSeconds * 1000; Date.now() < end; await delay(250)) {
    if (signal.aborted || child.exitCode !== null) break;
    if (await answers(url)) return;
  }
  child.kill("SIGTERM");
  rmSync(runningFile(folder), { force: true });
  signal.throwIfAborted();
  throw new UnavailableError(`Superset did not start at ${url}: ${lastLine(log)}; see ${log}`);
}

/** `/health` is green even where nobody can log in. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/login/`, { signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false; // not yet, or no longer
  }
}

/** Undefined if nothing of ours runs; a process id may be another program's by now. */
function readRunning(folder: string): Running | undefined {
  const file = runningFile(folder);
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(readFileSync(file, "utf8")) as Running;
  return isSuperset(running.pid) ? running : undefined;
}

function isSuperset(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-p", String(pid), "-o", "stat=,args="], {
    encoding: "utf8",
  });
  return stdout.includes("superset.app") && !stdout.startsWith("Z");
}

function runningFile(folder: string): string {
  return join(folder, "running.json");
}

function lastLine(log: string): string {
  return readFileSync(log, "utf8").trim().split("\n").at(-1) ?? "";
}
