/** A database of its own for each test file, on the server that `postgres-setup` started. */
import { randomBytes } from "node:crypto";
import pg from "pg";

/** The variable `postgres-setup` leaves the server's address in. */
export const serverVariable = "BIZOPS_TEST_POSTGRES";

/** An empty database. */
export interface ScratchDatabase {
  readonly connectionString: string;
  /** What our programs read the warehouse from. */
  readonly environment: { readonly [variable: string]: string };
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @throws if jest was not configured with `postgres-setup` */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const server = process.env[serverVariable];
  if (server === undefined) throw new Error("jest.config.mjs needs the testkit's postgres-setup");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  return {
    connectionString: url.href,
    environment: {
      PG_ADDRESS: url.hostname,
      PG_PORT: url.port,
      PG_DATABASE: name,
      PG_USERNAME: decodeURIComponent(url.username),
      PG_PASSWORD: decodeURIComponent(url.password),
    },
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      return (await pool.query<Row>(text, values)).rows;
    },
    async drop() {
      await pool.end();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
