/** The role Superset reads the warehouse as: it sees the reports and the runs, and changes nothing. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AuthError, ConfigError, UnavailableError } from "@bizops/singer";
import pg from "pg";
import { keepSecret } from "./secrets.ts";
import { reportSchema } from "./warehouse.ts";

/** Its name and password, as `readWarehouse` wants them. */
export type ReaderVariables = {
  readonly DASHBOARDS_PG_USERNAME: string;
  readonly DASHBOARDS_PG_PASSWORD: string;
};

const roleName = "bizops_dashboards";
const passwordFile = "warehouse-password";

/**
 * Takes the role the environment names, else makes our own or sets its rights again.
 * @param folder where its password is kept
 * @throws ConfigError, AuthError naming what to set, UnavailableError
 */
export async function ensureReader(
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<ReaderVariables> {
  const { DASHBOARDS_PG_USERNAME, DASHBOARDS_PG_PASSWORD } = environment;
  if (DASHBOARDS_PG_USERNAME && DASHBOARDS_PG_PASSWORD) {
    return { DASHBOARDS_PG_USERNAME, DASHBOARDS_PG_PASSWORD };
  }
  const password = keepSecret(folder, passwordFile, () => randomBytes(24).toString("base64url"));
  const client = await connect(environment);
  try {
    await grant(client, password, reportSchema(environment));
  } catch (error) {
    if ((error as pg.DatabaseError).code !== "42501") throw error;
    throw new AuthError(
      `PG_USERNAME may not make the role ${roleName}; set DASHBOARDS_PG_USERNAME and DASHBOARDS_PG_PASSWORD to a role that may read the reports`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
  return { DASHBOARDS_PG_USERNAME: roleName, DASHBOARDS_PG_PASSWORD: password };
}

/** The role as it was made for a Superset of this folder; undefined if the environment brought one. */
export function readReader(folder: string): ReaderVariables | undefined {
  const file = join(folder, passwordFile);
  if (!existsSync(file)) return undefined;
  return {
    DASHBOARDS_PG_USERNAME: roleName,
    DASHBOARDS_PG_PASSWORD: readFileSync(file, "utf8"),
  };
}

async function connect(environment: NodeJS.ProcessEnv): Promise<pg.Client> {
  const { PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME, PG_PASSWORD } = environment;
  if (!PG_DATABASE || !PG_USERNAME) {
    throw new ConfigError("PG_DATABASE and PG_USERNAME are not set: Superset needs a warehouse");
  }
  const client = new pg.Client({
    host: PG_ADDRESS || "localhost",
    port: Number(PG_PORT || 5432),
    database: PG_DATABASE,
    user: PG_USERNAME,
    password: PG_PASSWORD,
    connectionTimeoutMillis: 15_000,
  });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const { code } = cause as pg.DatabaseError;
    const isRefused = code?.startsWith("28");
    const text = `the warehouse ${PG_ADDRESS ?? "localhost"}/${PG_DATABASE}`;
    throw isRefused
      ? new AuthError(`${text} refused PG_USERNAME with PG_PASSWORD`, { cause })
      : new UnavailableError(`${text} does not answer (${code ?? "no reason given"})`, { cause });
  }
}

/** What dbt builds anew keeps the right to be read by the default privileges of the role that builds it. */
async function grant(client: pg.Client, password: string, schema: string): Promise<void> {
  const { rows } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [roleName]);
  const verb = rows.length === 0 ? "CREATE" : "ALTER";
  const secret = client.escapeLiteral(password);
  await client.query(`${verb} ROLE ${roleName} LOGIN PASSWORD ${secret}`);
  await client.query(`ALTER ROLE ${roleName} SET default_transaction_read_only = on`);
  for (const name of [schema, "bizops"]) {
    const found = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [name]);
    if (found.rows.length === 0) continue;
    const quoted = client.escapeIdentifier(name);
    await client.query(`GRANT USAGE ON SCHEMA ${quoted} TO ${roleName}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${quoted} TO ${roleName}`);
    await client.query(
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${quoted} GRANT SELECT ON TABLES TO ${roleName}`,
    );
  }
}
