/** Starts a private PostgreSQL server on the loopback interface, and stops it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigError, UnavailableError } from "@bizops/singer";
import { type Binaries, findBinaries } from "./binaries.ts";
import { chooseServerUser, prepareFolder, type ServerUser } from "./server-user.ts";

export interface LocalPostgresOptions {
  /** Everything is kept below it; an existing server's data are used again. */
  readonly folder: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Server settings, for instance `{ fsync: "off" }`. */
  readonly settings?: { readonly [name: string]: string };
  /** Texts of files in its data folder, by name, written before it starts: `pg_hba.conf`, `server.key`. */
  readonly files?: { readonly [name: string]: string };
  /** The size no file of it may exceed, in the shell's blocks of 512 or 1,024 bytes: a disk that fills up. */
  readonly fileBlocks?: number;
}

/** A running server. */
export interface LocalPostgres {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database that always exists. */
  readonly database: string;
  /** The environment variables our programs read the warehouse from. */
  readonly environment: { readonly [variable: string]: string };
  /** Where its data are: the folder asked for, or one below /var/tmp if the server's user cannot reach that. */
  readonly folder: string;
  stop(): Promise<void>;
  /** Ends it as a crash would: connections are cut, nothing is written out, the next start recovers. */
  kill(): Promise<void>;
}

const startSeconds = 60;
const host = "127.0.0.1";
const superuser = "bizops";

/**
 * Starts the server, making its data on first use. A server that was left behind by a killed process is
 * stopped first.
 * @throws ConfigError, UnavailableError with the end of the server's own log
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const user = chooseServerUser();
  const folder = prepareFolder(options.folder, user);
  const binaries = findBinaries(user, folder);
  const data = join(folder, "server", "data");
  const password = readPassword(join(folder, "password"));
  if (!existsSync(join(data, "PG_VERSION"))) initialise(binaries, user, data, password);
  const owner = join(folder, "owner");
  stopLeftBehind(binaries, user, data, owner);
  writeFileSync(owner, String(process.pid));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    writeForServer(join(data, name), text, user);
  }

  const port = options.port ?? (await findFreePort());
  const log = join(folder, "server.log");
  const server = launch(binaries, user, data, port, log, options);
  await untilReady(server, data, log);
  return {
    host,
    port,
    user: superuser,
    password,
    database: "postgres",
    folder,
    environment: {
      PG_ADDRESS: host,
      PG_PORT: String(port),
      PG_DATABASE: "postgres",
      PG_USERNAME: superuser,
      PG_PASSWORD: password,
    },
    stop: () => end(server, "SIGINT"),
    kill: () => end(server, "SIGQUIT"),
  };
}

function readPassword(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(18).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** A file only the server's user reads, as it demands of its keys. */
function writeForServer(file: string, text: string, user: ServerUser): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (user.spawnAs.uid !== undefined) chownSync(file, user.uid, user.gid);
}

function initialise(binaries: Binaries, user: ServerUser, data: string, password: string): void {
  // A half-made data folder of an interrupted first run is made anew.
  rmSync(data, { recursive: true, force: true });
  const passwordFile = `${data}.password`;
  writeForServer(passwordFile, `${password}\n`, user);
  const flags = [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  const { status, stderr } = spawnSync(binaries.initdb, flags, {
    ...user.spawnAs,
    cwd: "/",
    encoding: "utf8",
  });
  rmSync(passwordFile);
  if (status === 0) return;
  rmSync(data, { recursive: true, force: true });
  if (/No space left/.test(stderr)) {
    throw new UnavailableError(
      `there is no room for PostgreSQL's data in ${data}: the disk is full`,
    );
  }
  const reason = stderr.split("\n").find((line) => /error|fatal/i.test(line)) ?? stderr;
  throw new ConfigError(`initdb failed: ${reason.trim()}`);
}

function launch(
  { postgres }: Binaries,
  user: ServerUser,
  data: string,
  port: number,
  log: string,
  { settings, fileBlocks }: LocalPostgresOptions,
): ChildProcess {
  const all = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: "",
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [postgres, "-D", data, ...flags];
  const limited = ["/bin/sh", "-c", 'ulimit -f "$0" && exec "$@"', String(fileBlocks), ...command];
  const [program, ...args] = fileBlocks === undefined ? command : limited;
  const output = openSync(log, "w", 0o600);
  // A process group of its own, so that Ctrl-C reaches the server only through stop().
  const server = spawn(program!, args, {
    ...user.spawnAs,
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return server;
}

async function untilReady(server: ChildProcess, data: string, log: string): Promise<void> {
  let spawnError: Error | undefined;
  server.once("error", (error) => {
    spawnError = error;
  });
  for (const end = Date.now() + startSeconds * 1000; Date.now() < end; await delay(30)) {
    // pg_ctl, too, reads the server's state from the eighth line of this file.
    const state = readPidFile(data);
    if (state?.[0] === String(server.pid) && state[7]?.trim() === "ready") return;
    if (server.exitCode !== null || spawnError) break;
  }
  server.kill("SIGQUIT");
  const [last] = readFileSync(log, "utf8").trim().split("\n").slice(-1);
  throw new UnavailableError(`PostgreSQL did not start: ${spawnError?.message ?? last}`);
}

function readPidFile(data: string): string[] | undefined {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param signal SIGINT: "fast" shutdown, roll back what is open, write everything out; SIGQUIT: "immediate" */
async function end(server: ChildProcess, signal: "SIGINT" | "SIGQUIT"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill(signal);
  await ended;
}

/**
 * Ends the server of this data folder that outlived the process that started it.
 * @throws ConfigError if that process is still at work with it
 */
function stopLeftBehind(
  { pgCtl }: Binaries,
  user: ServerUser,
  data: string,
  ownerFile: string,
): void {
  const run = (...flags: string[]) =>
    spawnSync(pgCtl, [...flags, "-D", data], { ...user.spawnAs, cwd: "/", stdio: "ignore" }).status;
  if (run("status") !== 0) return;
  const owner = existsSync(ownerFile) ? Number(readFileSync(ownerFile, "utf8")) : 0;
  if (owner !== process.pid && isAlive(owner)) {
    throw new ConfigError(
      `the PostgreSQL in ${data} is in use by process ${owner}; end that first`,
    );
  }
  if (run("stop", "-m", "fast", "-w") === 0) return;
  throw new UnavailableError(`an earlier PostgreSQL in ${data} is still running and does not end`);
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
