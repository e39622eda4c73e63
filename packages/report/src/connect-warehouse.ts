/** The way to the warehouse, as dbt's profile goes it. */
import { AuthError, ConfigError, UnavailableError } from "@bizops/singer";
import pg from "pg";

/** The schema dbt builds the reports in. */
export function reportSchema(environment: NodeJS.ProcessEnv): string {
  return environment.BIZOPS_ENV === "production"
    ? environment.PG_PROD_SCHEMA || "analytics"
    : environment.PG_DEV_SCHEMA || "analytics_dev";
}

/** @throws ConfigError, AuthError, UnavailableError */
export async function connectWarehouse(environment: NodeJS.ProcessEnv): Promise<pg.Client> {
  const { PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME, PG_PASSWORD } = environment;
  if (!PG_DATABASE || !PG_USERNAME) {
    throw new ConfigError("PG_DATABASE and PG_USERNAME are not set: which warehouse to read");
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
    const name = `the warehouse ${PG_ADDRESS ?? "localhost"}/${PG_DATABASE}`;
    throw code?.startsWith("28")
      ? new AuthError(`${name} refused PG_USERNAME with PG_PASSWORD`, { cause })
      : new UnavailableError(`${name} does not answer (${code ?? "no reason given"})`, { cause });
  }
}
