/** Whatever dies, and whoever comes at the same time: nothing is left "running", nothing is lost or done twice. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { commandPath, runProgram } from "@bizops/testkit";
import { createTestProject, type TestProject, until } from "./use-project.ts";

let project: TestProject;
let temporary: string;
beforeEach(async () => {
  project = await createTestProject();
  temporary = project.path("tmp");
  mkdirSync(temporary);
});
afterEach(() => project.close());

const environment = () => ({ TMPDIR: temporary });
const listRuns = async () => (await project.ask(["runs", "list"])).answer as { status: string }[];
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** Starts bizops run and waits until its tap has been called for the nth time. */
const startRun = async (
  call: number,
): Promise<{ child: ChildProcess; ended: Promise<unknown> }> => {
  let child: ChildProcess | undefined;
  const ended = project.bizops(["run"], {
    environment: environment(),
    onStart(started) {
      child = started;
    },
  });
  await until("the tap is called", () => project.calls().length === call);
  return { child: child!, ended };
};
/** The processes of the running attempt, once they are noted. */
const untilNoted = () =>
  until("the processes are noted", async () => {
    const rows = await project.database.query(
      "SELECT FROM bizops.attempts WHERE ended_at IS NULL AND processes <> '[]'",
    );
    return rows.length > 0;
  });

test("[RUN-13] one pipeline never runs twice at once; the second is told who has it", async () => {
  project.configure({ a: { config: { block: "block" } } });
  writeFileSync(project.path("block"), "");
  const { child, ended } = await startRun(1);
  const second = await project.bizops(["run"]);
  expect(second.code).toBe(4);
  expect(second.stderr).toMatch(new RegExp(`a is already running: run 1 on .*${child.pid}`));
  const state = await project.bizops(["state", "clear", "a"]);
  expect(state).toMatchObject({ code: 4 });
  rmSync(project.path("block"));
  expect(await ended).toMatchObject({ code: 0 });
  expect(project.calls()).toHaveLength(1);
});

test("[RUN-14] after kill -9 the next run ends what was left running, says so and completes", async () => {
  project.configure({ a: { config: { block: "block" } } });
  writeFileSync(project.path("block"), "");
  const { child, ended } = await startRun(1);
  await untilNoted();
  child.kill("SIGKILL");
  await ended;
  expect(isAlive(project.calls()[0]!.pid)).toBe(true);
  const leftFolders = readdirSync(temporary);
  expect(leftFolders).toHaveLength(1);
  // The tap that waits would wait for ever: only the new one may find the way free.
  const next = project.bizops(["run"], { environment: environment() });
  await until("the left tap is ended", () => !isAlive(project.calls()[0]!.pid));
  rmSync(project.path("block"));
  const { code, stderr } = await next;
  expect(code).toBe(0);
  expect(stderr).toContain('"event":"crash-found","pipeline":"a","run":1');
  expect(readdirSync(temporary)).toEqual([]);
  expect(await listRuns()).toMatchObject([{ status: "succeeded" }, { status: "crashed" }]);
});

test("[RUN-14] a run whose bizops was killed is a crashed one at once, and its programs end by themselves", async () => {
  project.configure({ a: { config: { last: 100_000 } } });
  const { child, ended } = await startRun(1);
  await untilNoted();
  const [row] = await project.database.query<{ processes: { pid: number }[] }>(
    "SELECT processes FROM bizops.attempts",
  );
  child.kill("SIGKILL");
  await ended;
  expect(await listRuns()).toMatchObject([{ id: 1, status: "crashed" }]);
  const pids = row!.processes.map(({ pid }) => pid);
  expect(pids).toHaveLength(2);
  await until("both are gone", () => !pids.some(isAlive));
});

test("[RUN-14] killed at random moments, append-only rows are there once each in the end", async () => {
  const target = {
    name: "target-postgres",
    config: { load_method: "append-only", batch_wait_seconds: 0.05 },
  };
  project.configure({ a: { target, config: { last: 120 } } });
  for (let time = 0; time < 4; time += 1) {
    const before = project.calls().length;
    const { child, ended } = await startRun(before + 1);
    const moment = Date.now() + Math.random() * 1200;
    await until("the moment has come", () => Date.now() > moment);
    child.kill("SIGKILL");
    await ended;
  }
  expect(await project.bizops(["run"])).toMatchObject({ code: 0 });
  const [row] = await project.database.query(
    "SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids, max(id)::int AS last FROM a.numbers",
  );
  expect(row).toEqual({ n: 120, ids: 120, last: 120 });
  const statuses = (await listRuns()).map(({ status }) => status);
  expect(statuses).not.toContain("running");
  expect(statuses[0]).toBe("succeeded");
});

test("[RUN-13] a run that loses its connection to the warehouse stops, takes the lock again and goes on", async () => {
  project.configure({ a: { config: { last: 150 } } });
  const { ended } = await startRun(1);
  await untilNoted();
  await project.database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bizops'",
  );
  expect(await ended).toMatchObject({ code: 0 });
  expect(project.calls()).toHaveLength(2);
  const { answer } = await project.ask(["runs", "show", "1"]);
  expect(answer).toMatchObject({
    status: "succeeded",
    attempts: [{ exitCode: 4 }, { exitCode: 0 }],
  });
});

test("[RUN-5] SIGTERM: the run is interrupted, not crashed, and goes on from there", async () => {
  project.configure({ a: { config: { last: 100_000 } } });
  const { child, ended } = await startRun(1);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 143 });
  expect(await listRuns()).toMatchObject([{ status: "interrupted" }]);
  expect(readdirSync(temporary)).toEqual([]);
});

test("[RUN-15] a log on a full disk is lost; the run and its outcome are not", async () => {
  const noisy = project.path("tap-noisy");
  writeFileSync(
    noisy,
    `#!/bin/sh
i=0; while [ $i -lt 200 ]; do echo "INFO a line that says nothing much, again" >&2; i=$((i+1)); done
echo '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}'
echo '{"type":"RECORD","stream":"s","record":{"id":1}}'
`,
    { mode: 0o755 },
  );
  project.configure({ a: { tap: noisy } });
  const { environment: warehouse } = project.database;
  // The size no file may exceed: to whoever writes to it, as full a disk as any.
  const run = await runProgram("sh", ["-c", 'ulimit -f 4; exec "$0" run', commandPath("bizops")], {
    folder: project.folder,
    environment: { ...warehouse },
  });
  expect(run.stderr).toContain('"event":"log-lost"');
  expect(run.code).toBe(0);
  expect(await listRuns()).toMatchObject([{ status: "succeeded" }]);
});
