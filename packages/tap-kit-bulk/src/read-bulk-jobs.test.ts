/** Against a source of ten days with a row an hour, whose jobs run, get lost and are too large as told. */
import { createLog, type JsonObject } from "@bizops/singer";
import type { Page } from "@bizops/tap-kit";
import type { BulkJobs, JobLook, Window } from "./bulk-jobs.ts";
import { type BulkReading, readBulkJobs } from "./read-bulk-jobs.ts";

const hour = 3_600_000;
const start = Date.parse("2024-01-01T00:00:00.000Z");
const rows = Array.from({ length: 240 }, (_, n) => ({
  id: n,
  updated: new Date(start + n * hour).toISOString(),
}));
const before = "2024-01-11T00:00:00.000Z";

/** @param looks what the n-th look at any job says; later ones say it is done */
function makeSource(looks: readonly JobLook[] = []) {
  const windows: Window[] = [];
  let looked = 0;
  const jobs: BulkJobs = {
    async submit(window) {
      windows.push(window);
      return String(windows.length - 1);
    },
    async look() {
      return looks[looked++] ?? { state: "done" };
    },
    async *read(id, part = "0") {
      const { from = "", before } = windows[Number(id)]!;
      const found = rows.filter(({ updated }) => updated >= from && updated < before);
      for (let at = Number(part); at < found.length; at += 7) {
        const more = at + 7 < found.length;
        yield { records: found.slice(at, at + 7), ...(more && { next: String(at + 7) }) };
      }
    },
  };
  return { jobs, windows };
}

async function read(jobs: BulkJobs, more: Partial<BulkReading> = {}, pages: Page[] = []) {
  const reading: BulkReading = {
    stream: "things",
    key: "updated",
    before,
    smallestSeconds: 3600,
    pollSeconds: 0.001,
    timeoutSeconds: 60,
    signal: new AbortController().signal,
    log: createLog({}, () => {}),
    ...more,
  };
  for await (const page of readBulkJobs(jobs, reading)) pages.push(page);
  return pages;
}
const idsOf = (pages: readonly Page[]) =>
  [...new Set(pages.flatMap(({ records }) => records.map(({ id }) => id as number)))].sort(
    (a, b) => a - b,
  );
const all = rows.map(({ id }) => id);

test("one job without a beginning, windows where there is a longest one", async () => {
  const whole = makeSource();
  expect(idsOf(await read(whole.jobs))).toEqual(all);
  expect(whole.windows).toEqual([{ before }]);

  const cut = makeSource();
  const pages = await read(cut.jobs, { from: rows[0]!.updated, spanSeconds: 4 * 86_400 });
  expect(idsOf(pages)).toEqual(all);
  expect(cut.windows.map(({ before: end }) => end.slice(0, 10))).toEqual([
    "2024-01-05",
    "2024-01-09",
    "2024-01-11",
  ]);
  expect(pages.at(-1)!.bookmark).toEqual({ updated: before });
});

test("from every bookmark a later run reads exactly what is missing, without a new job for an open window", async () => {
  const from = rows[0]!.updated;
  const { jobs, windows } = makeSource();
  const pages = await read(jobs, { from, spanSeconds: 4 * 86_400 });
  for (const [index, { bookmark }] of pages.entries()) {
    if (bookmark === undefined) continue;
    const known = windows.length;
    const resumed = await read(jobs, { from, spanSeconds: 4 * 86_400, bookmark });
    expect(idsOf([...pages.slice(0, index + 1), ...resumed])).toEqual(all);
    const seen = idsOf(pages.slice(0, index + 1));
    expect(idsOf(resumed)).toEqual(all.slice(seen.length));
    const open = bookmark.job as JsonObject | undefined;
    if (open !== undefined) {
      expect(windows.slice(known).map((window) => window.from)).not.toContain(open.from);
    }
  }
});

test("the look-back reads again but does not move the bookmark back", async () => {
  const { jobs, windows } = makeSource();
  const bookmark = { updated: "2024-01-10T00:00:00.000Z" };
  const pages = await read(jobs, { bookmark, lookbackSeconds: 3600 });
  expect(windows).toEqual([{ from: "2024-01-09T23:00:00.000Z", before }]);
  expect(pages[0]!.bookmark).toMatchObject(bookmark);
});

test("a job that is too large is halved until it fits", async () => {
  const large: JobLook = { state: "too-large", reason: "QUERY_TIMEOUT" };
  const { jobs, windows } = makeSource([large, large]);
  expect(idsOf(await read(jobs, { from: rows[0]!.updated }))).toEqual(all);
  expect(windows.slice(0, 3).map(({ before: end }) => end)).toEqual([
    before,
    "2024-01-06T00:00:00.000Z",
    "2024-01-03T12:00:00.000Z",
  ]);
  const never = makeSource(Array.from({ length: 20 }, () => large));
  await expect(read(never.jobs, { from: rows[0]!.updated })).rejects.toThrow(
    /cannot be made smaller/,
  );
});

test("a lost job is asked for again; lost again and again it ends the run", async () => {
  const gone: JobLook = { state: "gone", reason: "expired" };
  const { jobs, windows } = makeSource([gone, { state: "running" }, gone]);
  expect(idsOf(await read(jobs))).toEqual(all);
  expect(windows).toHaveLength(3);
  const failing = read(makeSource([gone, gone, gone, gone]).jobs);
  await expect(failing).rejects.toMatchObject({ exitCode: 4 });
});

test("a job that takes too long ends the run with the job in the state", async () => {
  const running = Array.from({ length: 1000 }, (): JobLook => ({ state: "running" }));
  const { jobs } = makeSource(running);
  const pages: Page[] = [];
  await expect(read(jobs, { timeoutSeconds: -1 }, pages)).rejects.toThrow(/run again to go on/);
  expect(pages.at(-1)!.bookmark).toEqual({ job: { id: "0", before } });
});

test("a state that is not ours is a configuration error", async () => {
  const { jobs } = makeSource();
  for (const bookmark of [{ updated: "yesterday" }, { job: { id: 7 } }]) {
    await expect(read(jobs, { bookmark })).rejects.toMatchObject({ exitCode: 2 });
  }
});
