/** The private server: started, restarted, left behind, run below a closed folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type LocalPostgres, startLocalPostgres } from "../src/start-local-postgres.ts";

const folder = mkdtempSync(join(tmpdir(), "local-postgres-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

async function runSql(server: LocalPostgres, text: string): Promise<object[]> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

test("starts, stops, and starts again on the same data with the same password", async () => {
  const first = await startLocalPostgres({ folder: join(folder, "a") });
  expect(await listens(first.port)).toBe(true);
  await first.stop();
  await first.stop();
  expect(await listens(first.port)).toBe(false);
  const second = await startLocalPostgres({ folder: join(folder, "a") });
  expect(second.password).toBe(first.password);
  await second.stop();
});

test("a server left behind by a killed process is stopped before the next start", async () => {
  const program = `
    const { startLocalPostgres } = await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)});
    const server = await startLocalPostgres({ folder: ${JSON.stringify(join(folder, "b"))} });
    console.log(server.port);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const [line] = await once(child.stdout, "data");
  const left = Number(String(line));
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await listens(left)).toBe(true);
  const next = await startLocalPostgres({ folder: join(folder, "b") });
  expect(await listens(left)).toBe(false);
  await next.stop();
});

test("a server whose owner is at work is not taken away", async () => {
  const first = await startLocalPostgres({ folder: join(folder, "e") });
  const program = `
    const { startLocalPostgres } = await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)});
    await startLocalPostgres({ folder: ${JSON.stringify(join(folder, "e"))} }).catch((error) => console.log(error.message));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const [line] = await once(child.stdout, "data");
  expect(String(line)).toMatch(`in use by process ${process.pid}`);
  expect(await listens(first.port)).toBe(true);
  await first.stop();
});

test("a folder below one that is closed to others is no hindrance, root or not", async () => {
  const closed = join(folder, "closed");
  mkdirSync(closed);
  chmodSync(closed, 0o700);
  const server = await startLocalPostgres({ folder: join(closed, "pg") });
  expect(await listens(server.port)).toBe(true);
  await server.stop();
  rmSync(server.folder, { recursive: true, force: true });
});

test("a port in use: the server's own words", async () => {
  const first = await startLocalPostgres({ folder: join(folder, "c") });
  const second = startLocalPostgres({ folder: join(folder, "d"), port: first.port });
  await expect(second).rejects.toThrow(/PostgreSQL did not start: .*/);
  await first.stop();
});

test("killed, it comes back on its port with what was committed; files and settings may change", async () => {
  const at = join(folder, "f");
  const first = await startLocalPostgres({ folder: at });
  await runSql(first, "CREATE TABLE kept AS SELECT 1 AS one");
  await first.kill();
  await first.kill();
  expect(await listens(first.port)).toBe(false);
  const files = { "pg_hba.conf": "host all all 127.0.0.1/32 trust\n" };
  const settings = { application_name: "again" };
  const second = await startLocalPostgres({ folder: at, port: first.port, files, settings });
  const rows = await runSql(
    { ...second, password: "not asked for" },
    "SELECT one, current_setting('application_name') AS name FROM kept",
  );
  expect(rows).toEqual([{ one: 1, name: "again" }]);
  await second.stop();
});

test("with a limit on its files, writing beyond it is a full disk", async () => {
  // A segment of the write-ahead log, 16 MB, must fit; the odd block leaves room for half a page.
  const server = await startLocalPostgres({ folder: join(folder, "g"), fileBlocks: 32_769 });
  const fill = "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 40000)";
  await expect(runSql(server, fill)).rejects.toMatchObject({ code: "53100" });
  expect(await runSql(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
});
