/** The private PostgreSQL of a run, and psql to ask it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startLocalPostgres } from "@bizops/local-postgres";
import { ConfigError, UnavailableError } from "@bizops/singer";
import { programEnvironment } from "./loaders/measure-programs.mjs";

const settings = { shared_buffers: "1GB", max_wal_size: "4GB" };

/**
 * @returns the server with `psqlEnvironment`, `url` and `sql(text)`, which returns psql's unaligned rows
 * @throws ConfigError if there is no psql
 */
export async function openDatabase(folder) {
  if (spawnSync("psql", ["--version"]).error) {
    throw new ConfigError(
      "psql is not in PATH; the benchmark compares with its \\copy. Install PostgreSQL's client " +
        "(Debian and Ubuntu: postgresql-client; Homebrew: libpq)",
    );
  }
  const server = await startLocalPostgres({ folder: join(folder, "postgres"), settings });
  const { host, port, user, password, database } = server;
  const psqlEnvironment = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
  };
  const sql = (text) => {
    const flags = ["-qXAt", "-v", "ON_ERROR_STOP=1", "-c", text];
    const env = programEnvironment(psqlEnvironment);
    const { status, stdout, stderr } = spawnSync("psql", flags, { env, encoding: "utf8" });
    if (status !== 0) throw new UnavailableError(`psql: ${stderr.trim()}`);
    return stdout.trim();
  };
  const url = `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;
  return { ...server, psqlEnvironment, url, sql };
}
