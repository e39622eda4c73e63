/** The way to the warehouse: where it is, queries, a session of one's own. */
import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "@bizops/singer";
import pg, { type ClientConfig, type QueryResultRow } from "pg";
import type { RunDatabase } from "./database.ts";
import { bringUpToDate } from "./migrate.ts";
import { translateError } from "./translate-error.ts";

/** Whether the environment names a warehouse at all. */
export function hasWarehouse(environment: NodeJS.ProcessEnv): boolean {
  return Boolean(environment.PG_DATABASE && environment.PG_USERNAME);
}

/**
 * Connects to the warehouse of `PG_ADDRESS`, `PG_PORT`, `PG_DATABASE`, `PG_USERNAME` and `PG_PASSWORD` (TLS as
 * libpq's `PGSSLMODE` says) and brings the schema `bizops` up to date.
 * @throws AuthError, ConfigError, UnavailableError
 */
export async function openRunDatabase(environment: NodeJS.ProcessEnv): Promise<RunDatabase> {
  const config = toClientConfig(environment);
  const server = `${config.host}:${config.port}/${config.database}`;
  // One connection serves the short statements; it is made again when it was lost.
  const pool = new pg.Pool({ ...config, max: 1 });
  pool.on("error", () => {}); // reported by the next query
  const database: RunDatabase = {
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      try {
        return (await pool.query<Row>(text, [...values])).rows;
      } catch (error) {
        throw translateError(error, server);
      }
    },
    async openSession() {
      const client = new pg.Client(config);
      client.on("error", () => {}); // "end" follows
      try {
        await client.connect();
        return client;
      } catch (error) {
        client.end().catch(() => {});
        throw translateError(error, server);
      }
    },
    close: () => pool.end(),
  };
  try {
    await bringUpToDate(database);
    return database;
  } catch (error) {
    await pool.end();
    throw translateError(error, server);
  }
}

/**
 * Does a piece of work again while the warehouse is away: an outcome must not be lost because the server was
 * being restarted. Only for work that may be done twice.
 * @param seconds how long
 */
export async function insist<T>(work: () => Promise<T>, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await delay(250)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnavailableError) || Date.now() > end) throw error;
    }
  }
}

function toClientConfig(environment: NodeJS.ProcessEnv): ClientConfig {
  return {
    host: environment.PG_ADDRESS || "localhost",
    port: Number(environment.PG_PORT || 5432),
    database: environment.PG_DATABASE,
    user: environment.PG_USERNAME,
    password: environment.PG_PASSWORD,
    application_name: "bizops",
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  };
}
