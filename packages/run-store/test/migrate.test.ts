/** The schema `bizops`: made once, whoever comes first, and only by those who may. */
import { AuthError, ConfigError, UnavailableError } from "@bizops/singer";
import { openRunDatabase } from "../src/index.ts";
import { createTestStore, type TestStore } from "./use-run-store.ts";

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.close());

test("twelve programs that start at the same time make the schema once", async () => {
  await Promise.all(Array.from({ length: 12 }, () => store.open()));
  const rows = await store.scratch.query("SELECT number, name FROM bizops.migrations ORDER BY 1");
  expect(rows).toEqual([
    { number: 1, name: "0001-runs.sql" },
    { number: 2, name: "0002-states.sql" },
  ]);
});

test("a migration that fails leaves nothing behind, and the next start completes it", async () => {
  await store.scratch.query("CREATE SCHEMA bizops CREATE TABLE bizops.states ()");
  await expect(store.open()).rejects.toThrow(/already exists/);
  expect(await store.scratch.query("SELECT to_regclass('bizops.runs') AS runs")).toEqual([
    { runs: null },
  ]);
  await store.scratch.query("DROP TABLE bizops.states");
  await store.open();
  expect(await store.scratch.query("SELECT count(*)::int AS n FROM bizops.runs")).toEqual([
    { n: 0 },
  ]);
});

test("a schema newer than the program is left alone", async () => {
  await store.open();
  await store.scratch.query("INSERT INTO bizops.migrations VALUES (99, 'of the future')");
  await expect(store.open()).rejects.toThrow(ConfigError);
});

test("who may not make the schema is told what to ask for; who was given one needs no more", async () => {
  const { scratch } = store;
  const user = `worker_${scratch.environment.PG_DATABASE}`;
  await scratch.query(`CREATE ROLE ${user} LOGIN PASSWORD 'w'`);
  const environment = { ...scratch.environment, PG_USERNAME: user, PG_PASSWORD: "w" };
  try {
    const refused = openRunDatabase(environment);
    await expect(refused).rejects.toThrow(AuthError);
    await expect(refused).rejects.toThrow(/CREATE SCHEMA bizops AUTHORIZATION/);
    await scratch.query(`CREATE SCHEMA bizops AUTHORIZATION ${user}`);
    const database = await openRunDatabase(environment);
    await database.close();
  } finally {
    await scratch.query(`DROP OWNED BY ${user} CASCADE; DROP ROLE ${user}`);
  }
});

test.each([
  ["no server", { PG_PORT: "1" }, UnavailableError],
  ["a wrong password", { PG_PASSWORD: "wrong" }, AuthError],
  ["a database that is not there", { PG_DATABASE: "nowhere" }, ConfigError],
])("%s is told apart", async (_, wrong, kind) => {
  await expect(openRunDatabase({ ...store.scratch.environment, ...wrong })).rejects.toThrow(kind);
});
