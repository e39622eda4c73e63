/** jest's globalSetup: starts a PostgreSQL server unless the environment names one. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalPostgres } from "@bizops/local-postgres";
import { serverVariable } from "./scratch-database.ts";

/** Starts the server and leaves what stops it where `postgres-teardown` finds it. */
export default async function setUp(): Promise<void> {
  if (process.env[serverVariable] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "bizops-test-"));
  // Run by root, the server is another user's; it must reach its data here.
  chmodSync(folder, 0o755);
  // What is thrown away afterwards need not survive a power cut.
  const settings = { fsync: "off", max_connections: "50" };
  const server = await startLocalPostgres({ folder: join(folder, "postgres"), settings });
  const { user, password, host, port, database } = server;
  process.env[serverVariable] = `postgresql://${user}:${password}@${host}:${port}/${database}`;
  Object.assign(globalThis, {
    stopTestPostgres: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
