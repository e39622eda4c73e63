/** A refresh token that is replaced by each use, kept in a file for the next run and for runs at the same time. */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { asWriteError, ConfigError, type JsonObject, UnavailableError } from "@bizops/singer";

/** Where a token that rotates is kept. */
export interface TokenKeeper {
  /**
   * Exchanges the token that is good now, and keeps the one that came in its place. Nobody else on this machine
   * uses it in between.
   * @throws ConfigError if the file cannot be used, before the exchange; UnavailableError if another run holds it
   */
  use<T>(exchange: (token: string) => Promise<TokenExchange<T>>): Promise<T>;
}

export interface TokenExchange<T> {
  readonly result: T;
  /** The token that is good from now on. */
  readonly token: string;
}

export interface TokenFileOptions {
  readonly path: string;
  /** The token in the settings. The file's is used while it descends from this one. */
  readonly configured: string;
  readonly signal: AbortSignal;
}

const longestWaitSeconds = 120;
const pollSeconds = 0.1;

/**
 * What cannot be had: a process that is killed after the source has replaced the token and before the answer is
 * here loses it; a new one must then be set.
 */
export function openTokenFile({ path, configured, signal }: TokenFileOptions): TokenKeeper {
  const origin = createHash("sha256").update(configured).digest("hex");
  return {
    async use(exchange) {
      const release = await lock(`${path}.lock`, signal);
      try {
        const before = readToken(path, origin) ?? configured;
        const { result, token } = await exchange(before);
        if (token !== before) writeToken(path, { rotated_from: origin, token });
        return result;
      } finally {
        release();
      }
    },
  };
}

function readToken(path: string, origin: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ConfigError(`the token file ${path} cannot be read (${code})`, { cause: error });
  }
  try {
    const { rotated_from, token } = JSON.parse(text) as JsonObject;
    if (rotated_from !== origin) return undefined;
    if (typeof token === "string") return token;
  } catch {
    // Told below: the parser's message quotes the file.
  }
  throw new ConfigError(`the token file ${path} is not one; delete it and set a new refresh token`);
}

/** Whoever reads it sees the old content or the new one, also after a crash. */
function writeToken(path: string, content: JsonObject): void {
  const fresh = `${path}.${randomUUID()}`;
  try {
    const file = openSync(fresh, "wx", 0o600);
    writeSync(file, `${JSON.stringify(content)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, path);
  } catch (error) {
    throw asWriteError(error, `the token file ${path}`);
  }
}

/** A lock is a file with its holder's process id; that of a process that is gone counts for nothing. */
async function lock(path: string, signal: AbortSignal): Promise<() => void> {
  const deadline = Date.now() + longestWaitSeconds * 1000;
  while (!tryLock(path)) {
    const holder = readHolder(path);
    if (holder !== undefined && !isAlive(holder)) {
      breakLock(path, holder);
      continue;
    }
    if (Date.now() > deadline) {
      throw new UnavailableError(
        `another run (process ${holder}) has held ${path} for ${longestWaitSeconds} s; run again later`,
      );
    }
    signal.throwIfAborted();
    await delay(pollSeconds * 1000);
  }
  return () => unlinkSync(path);
}

function tryLock(path: string): boolean {
  // A link appears with its content, so nobody reads a lock without its holder.
  const own = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(own, "wx", 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch (error) {
    throw asWriteError(error, `the folder of the token file ${path.replace(/\.lock$/, "")}`);
  }
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw asWriteError(error, `the lock ${path}`);
  } finally {
    unlinkSync(own);
  }
}

/** Undefined: it has just been released. */
function readHolder(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Two that find the same dead lock may both come here; the later one must not take the earlier one's new lock. */
function breakLock(path: string, holder: number): void {
  const taken = `${path}.${randomUUID()}`;
  try {
    renameSync(path, taken);
  } catch {
    return;
  }
  if (readHolder(taken) !== holder) linkSync(taken, path);
  unlinkSync(taken);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
