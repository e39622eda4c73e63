/** One run of a pipeline at a time, and what becomes of runs that ended without a word. */
import { once } from "node:events";
import { UnavailableError } from "@bizops/singer";
import {
  beat,
  beginAttempt,
  beginRun,
  closeLeftAttempts,
  endRun,
  findLeftProcesses,
  listRuns,
  lockPipeline,
  noteProcesses,
  type RunDatabase,
  readRun,
  reapCrashedRuns,
} from "../src/index.ts";
import { createTestStore, type TestStore } from "./use-run-store.ts";

let store: TestStore;
let database: RunDatabase;
beforeEach(async () => {
  store = await createTestStore();
  database = await store.open();
});
afterEach(() => store.close());

const begin = (pipeline: string) =>
  beginRun(database, { pipeline, options: {}, host: "here", pid: 1 });
const statuses = async () =>
  (await listRuns(database, { limit: 10 })).map(({ id, status }) => ({ id, status })).reverse();
/** Ends the sessions that hold locks, as a lost network does. */
const cutSessions = () =>
  store.scratch.query(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted",
  );

test("of twenty who want a pipeline one gets it; the others are told who has it", async () => {
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, () => lockPipeline(database, "zuora")),
  );
  const got = tries.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  expect(got).toHaveLength(1);
  const id = await begin("zuora");
  const refused = lockPipeline(database, "zuora");
  await expect(refused).rejects.toThrow(UnavailableError);
  await expect(refused).rejects.toThrow(`run ${id} on here (process 1)`);
  await got[0]!.release();
  await (await lockPipeline(database, "zuora")).release();
});

test("another pipeline is free", async () => {
  const locks = [await lockPipeline(database, "zuora"), await lockPipeline(database, "marketo")];
  for (const lock of locks) await lock.release();
});

test("a run whose lock is gone is reported as crashed, with the programs it had started", async () => {
  const lock = await lockPipeline(database, "zuora");
  const id = await begin("zuora");
  await beginAttempt(database, id, { number: 1, logFile: "x.log" });
  const processes = [{ pid: 4711, startedAt: "then" }];
  await noteProcesses(database, id, 1, processes);
  expect(await reapCrashedRuns(database)).toEqual([]);
  const lost = once(lock.lost, "abort");
  await cutSessions();
  await lost;
  expect(lock.lost.reason).toBeInstanceOf(UnavailableError);
  expect(await reapCrashedRuns(database)).toMatchObject([{ id, pipeline: "zuora" }]);
  expect(await findLeftProcesses(database, "zuora", "here")).toEqual(processes);
  expect(await findLeftProcesses(database, "zuora", "elsewhere")).toEqual([]);
  await closeLeftAttempts(database, "zuora", "here");
  expect(await findLeftProcesses(database, "zuora", "here")).toEqual([]);
  expect(await statuses()).toEqual([{ id, status: "crashed" }]);
  expect((await readRun(database, id))?.events.map(({ event }) => event)).toEqual(["crashed"]);
  expect(await reapCrashedRuns(database)).toEqual([]);
});

test("a run that was silent for too long is crashed though its session lasts, and loses its lock", async () => {
  const lock = await lockPipeline(database, "zuora");
  const id = await begin("zuora");
  await store.scratch.query("UPDATE bizops.runs SET heartbeat_at = now() - interval '1 hour'");
  const lost = once(lock.lost, "abort");
  expect(await reapCrashedRuns(database)).toMatchObject([{ id }]);
  await lost;
  await (await lockPipeline(database, "zuora")).release();
});

test("a run that was silent and is heard of again is no crashed one", async () => {
  const lock = await lockPipeline(database, "zuora");
  const id = await begin("zuora");
  await store.scratch.query("UPDATE bizops.runs SET heartbeat_at = now() - interval '1 hour'");
  await beat(database, id);
  expect(await reapCrashedRuns(database)).toEqual([]);
  await lock.release();
});

test("whoever takes over a pipeline finds the rows of its crashed runs, and ends nobody's session", async () => {
  const before = await lockPipeline(database, "zuora");
  const id = await begin("zuora");
  await before.release();
  const after = await lockPipeline(database, "zuora");
  expect(await reapCrashedRuns(database, "zuora")).toMatchObject([{ id }]);
  expect(after.lost.aborted).toBe(false);
  await after.release();
});

test("a run called crashed that ends after all says how", async () => {
  const id = await begin(await named("zuora"));
  await reapCrashedRuns(database);
  await endRun(database, id, { status: "succeeded", exitCode: 0 });
  expect(await statuses()).toEqual([{ id, status: "succeeded" }]);
});

/** A pipeline that has been locked before, as every one has whose run begins. */
async function named(pipeline: string): Promise<string> {
  await (await lockPipeline(database, pipeline)).release();
  return pipeline;
}
