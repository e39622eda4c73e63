/** jest's globalSetup: starts a PostgreSQL server unless the environment names one. */
import { startOwnServer } from "./own-server.ts";
import { serverVariable } from "./scratch-database.ts";

/** Starts the server and leaves what stops it where `postgres-teardown` finds it. */
export default async function setUp(): Promise<void> {
  if (process.env[serverVariable] !== undefined) return;
  const server = await startOwnServer({});
  process.env[serverVariable] = server.connectionString;
  Object.assign(globalThis, { stopTestPostgres: () => server.remove() });
}
