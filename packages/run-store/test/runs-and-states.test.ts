/** What is written about runs and states comes back as it was. */
import {
  beginAttempt,
  beginRun,
  endAttempt,
  endRun,
  findRunsToRetry,
  keepVersion,
  listRuns,
  listVersions,
  lockPipeline,
  type RunDatabase,
  type RunEnd,
  readRun,
  readState,
  readVersion,
  writeCounts,
  writeEvent,
  writeState,
} from "../src/index.ts";
import { createTestStore, type TestStore } from "./use-run-store.ts";

/** More digits than a double holds. */
const state = '{"bookmarks": {"Account": {"since": 12345678901234567890}}}';
let store: TestStore;
let database: RunDatabase;
beforeEach(async () => {
  store = await createTestStore();
  database = await store.open();
});
afterEach(() => store.close());

const begin = async (pipeline: string) => {
  await (await lockPipeline(database, pipeline)).release();
  return beginRun(database, { pipeline, options: { select: ["A"] }, host: "here", pid: 1 });
};

test("a run of two attempts, its counts, events and bookmarks, digit for digit", async () => {
  const id = await begin("zuora");
  await beginAttempt(database, id, { number: 1, logFile: "1.log" });
  await writeCounts(database, id, 1, { Account: 10 });
  await writeCounts(database, id, 1, { Account: 20, Invoice: 5_000_000_000 });
  await endAttempt(database, id, { number: 1, exitCode: 4, blame: "tap", bytes: 7, rows: {} });
  await writeEvent(database, id, "waiting", { seconds: 10 });
  await beginAttempt(database, id, { number: 2, logFile: "2.log", stateBefore: state });
  const rows = { Account: 3 };
  await endAttempt(database, id, { number: 2, exitCode: 0, bytes: 9, rows, stateAfter: state });
  await endRun(database, id, { status: "succeeded", exitCode: 0 });
  const run = await readRun(database, id);
  expect(run).toMatchObject({
    id,
    pipeline: "zuora",
    status: "succeeded",
    exitCode: 0,
    options: { select: ["A"] },
    rows: 5_000_000_023,
    attempts: [
      { number: 1, exitCode: 4, blame: "tap", rows: { Account: 20, Invoice: 5_000_000_000 } },
      { number: 2, exitCode: 0, blame: null, rows, stateBefore: state, stateAfter: state },
    ],
    events: [{ event: "waiting", detail: { seconds: 10 } }],
  });
  expect(await readRun(database, id + 1)).toBeUndefined();
});

test("the latest run of each pipeline decides whether it is to be retried", async () => {
  const hour = 3_600_000;
  const ends: { readonly [pipeline: string]: readonly (RunEnd | undefined)[] } = {
    failed: [{ status: "failed", exitCode: 4 }],
    recovered: [
      { status: "failed", exitCode: 4 },
      { status: "succeeded", exitCode: 0 },
    ],
    due: [{ status: "deferred", exitCode: 6, retryAt: new Date(Date.now() - hour) }],
    early: [{ status: "deferred", exitCode: 6, retryAt: new Date(Date.now() + hour) }],
    running: [undefined],
  };
  for (const [pipeline, each] of Object.entries(ends)) {
    for (const end of each) {
      const id = await begin(pipeline);
      if (end !== undefined) await endRun(database, id, end);
    }
  }
  const found = await findRunsToRetry(database);
  expect(found.map(({ pipeline }) => pipeline)).toEqual(["failed", "due"]);
  expect(await listRuns(database, { pipeline: "recovered", limit: 1 })).toMatchObject([
    { status: "succeeded" },
  ]);
});

test("a state is kept, replaced and removed; its history keeps each version once", async () => {
  expect(await readState(database, "zuora")).toBeUndefined();
  await writeState(database, "zuora", "{}");
  await writeState(database, "zuora", state);
  expect(await readState(database, "zuora")).toBe(state);
  for (const each of [state, state, undefined, undefined, "{}"]) {
    await keepVersion(database, {
      stateId: "zuora",
      origin: each === undefined ? "clear" : "set",
      ...(each !== undefined && { state: each }),
    });
  }
  await keepVersion(database, { stateId: "marketo", origin: "set", state: "{}" });
  const versions = await listVersions(database, "zuora", 10);
  expect(versions.map((version) => version.state)).toEqual(["{}", null, state]);
  expect(await readVersion(database, "zuora", versions[2]!.id)).toEqual(versions[2]);
  expect(await readVersion(database, "marketo", versions[2]!.id)).toBeUndefined();
  const latest = await listVersions(database, undefined, 10);
  expect(latest.map(({ stateId }) => stateId)).toEqual(["marketo", "zuora"]);
  await writeState(database, "zuora", undefined);
  expect(await readState(database, "zuora")).toBeUndefined();
});
