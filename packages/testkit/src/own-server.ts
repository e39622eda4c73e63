/** A PostgreSQL server of a test's own, to be configured, crashed and started again. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type LocalPostgres,
  type LocalPostgresOptions,
  startLocalPostgres,
} from "@bizops/local-postgres";
import pg from "pg";

/** How the server is run. */
export type ServerOptions = Omit<LocalPostgresOptions, "folder" | "port">;

/** A server that keeps port, password and data from start to start. */
export interface OwnServer {
  readonly host: string;
  readonly port: number;
  readonly connectionString: string;
  /** What our programs read the warehouse from. */
  readonly environment: { readonly [variable: string]: string };
  /** Asks on a connection of its own, so that it works after any crash. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, stopped first if it is running. */
  restart(options: ServerOptions): Promise<void>;
  /** Stops it and removes all it wrote. */
  remove(): Promise<void>;
}

/** @throws ConfigError, UnavailableError with the end of the server's own log */
export async function startOwnServer(options: ServerOptions): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), "bizops-test-"));
  // Run by root, the server is another user's; it must reach its data here.
  chmodSync(folder, 0o755);
  const start = (changed: ServerOptions, port?: number): Promise<LocalPostgres> =>
    startLocalPostgres({
      ...changed,
      folder: join(folder, "postgres"),
      // What is thrown away afterwards need not survive a power cut.
      settings: { fsync: "off", max_connections: "50", ...changed.settings },
      ...(port !== undefined && { port }),
    });

  let running = await start(options);
  const { host, port, user, password, database, environment } = running;
  const connectionString = `postgresql://${user}:${password}@${host}:${port}/${database}`;
  return {
    host,
    port,
    connectionString,
    environment,
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const client = new pg.Client({ connectionString });
      await client.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    kill: () => running.kill(),
    async restart(changed) {
      await running.stop();
      running = await start(changed, port);
    },
    async remove() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
