/** PostgreSQL refuses to run as root: whom to run it as, and which folders that user can reach. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, chownSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "@bizops/singer";

/** The operating system's user that runs the server. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** Options for `spawn`; empty when it is ourselves. */
  readonly spawnAs: { readonly uid?: number; readonly gid?: number };
}

/** Ourselves, or, when we are root, `postgres` or `nobody`, whichever exists. */
export function chooseServerUser(): ServerUser {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (uid !== 0) return { uid, gid, spawnAs: {} };
  for (const name of ["postgres", "nobody"]) {
    const ids = readIds(name);
    if (ids !== undefined) return { ...ids, spawnAs: ids };
  }
  throw new ConfigError(
    "PostgreSQL does not run as root and there is neither a user postgres nor nobody",
  );
}

/**
 * A folder the server's user owns and can reach: the one wanted, or, where a folder above it is closed to
 * that user (a project under /root), one below /var/tmp named after it.
 */
export function prepareFolder(wanted: string, user: ServerUser): string {
  const folder = canReach(wanted, user) ? wanted : fallbackFor(wanted);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (statSync(folder).uid !== process.getuid?.()) {
    throw new ConfigError(`${folder} belongs to another user; remove it and try again`);
  }
  const owned = join(folder, "server");
  mkdirSync(owned, { recursive: true, mode: 0o700 });
  if (user.spawnAs.uid !== undefined) chownSync(owned, user.uid, user.gid);
  return folder;
}

function readIds(name: string): { uid: number; gid: number } | undefined {
  const ask = (flag: string) =>
    Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  try {
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    return undefined; // `id` fails for a user that does not exist
  }
}

function fallbackFor(wanted: string): string {
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  return join("/var/tmp", `bizops-${name}`);
}

/** Whether every existing folder above is open to the user. */
function canReach(folder: string, user: ServerUser): boolean {
  if (user.spawnAs.uid === undefined) return true;
  for (let at = dirname(folder); ; at = dirname(at)) {
    try {
      accessSync(at, constants.F_OK);
      const { mode, uid, gid } = statSync(at);
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (at === dirname(at)) return true;
  }
}
