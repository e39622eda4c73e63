/** Numbered migrations: each applied once, in order, however many programs start at the same time. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@bizops/singer";
import type { RunDatabase } from "./database.ts";

/** One file of `migrations/`. */
interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** The first key of all our advisory locks: "bizo" in ASCII. */
export const lockClass = 0x62697a6f;
/** Below the id of any pipeline. */
const migrationLock = 0;

/**
 * Applies what is missing. Where nothing is, no lock is taken.
 * @throws ConfigError if the database is newer than this program
 */
export async function bringUpToDate(database: RunDatabase): Promise<void> {
  const migrations = readMigrations();
  if ((await readVersion(database)) === migrations.length) return;
  const session = await database.openSession();
  try {
    await session.query("BEGIN");
    await session.query("SELECT pg_advisory_xact_lock($1, $2)", [lockClass, migrationLock]);
    // Somebody else may have been here while we waited for the lock.
    const version = await readVersion({
      query: async (text) => (await session.query(text)).rows,
    });
    if (version > migrations.length) {
      throw new ConfigError(
        `the schema bizops is of version ${version}, this program knows ${migrations.length}: npm install @bizops/orchestrator@latest`,
      );
    }
    if (version === 0) {
      // Asked for only where it is missing: the schema may have been made for a user who may not make one.
      const { rows } = await session.query("SELECT to_regnamespace('bizops') AS found");
      if (rows[0].found === null) await session.query("CREATE SCHEMA bizops");
      await session.query(
        "CREATE TABLE bizops.migrations (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
      );
    }
    for (const { number, name, sql } of migrations.slice(version)) {
      await session.query(sql);
      await session.query("INSERT INTO bizops.migrations (number, name) VALUES ($1, $2)", [
        number,
        name,
      ]);
    }
    await session.query("COMMIT");
  } finally {
    await session.end();
  }
}

async function readVersion(database: Pick<RunDatabase, "query">): Promise<number> {
  const [{ found } = { found: null }] = await database.query<{ found: string | null }>(
    "SELECT to_regclass('bizops.migrations')::text AS found",
  );
  if (found === null) return 0;
  const [{ version } = { version: 0 }] = await database.query<{ version: number }>(
    "SELECT coalesce(max(number), 0) AS version FROM bizops.migrations",
  );
  return version;
}

function readMigrations(): Migration[] {
  const folder = fileURLToPath(new URL("../migrations", import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({
      number: Number.parseInt(name, 10),
      name,
      sql: readFileSync(`${folder}/${name}`, "utf8"),
    }));
}
