/** `bizops state`, wherever the state is kept. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createTestProject, type TestProject } from "./use-project.ts";

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject();
});
afterEach(() => project.close());

const bookmark = (id: number | string) => `{"bookmarks":{"numbers":{"id":${id}}}}`;
const getState = async (...flags: string[]) => {
  const { code, stdout, stderr } = await project.bizops(["state", "get", ...flags]);
  return code === 0 ? stdout.replaceAll(" ", "").trim() : stderr.trim();
};
const places = ["target-postgres", "target-script"] as const;

test.each(places)("[STATE-8] %s: set, cleared, copied and rolled back", async (target) => {
  project.configure({ a: { target }, b: { target } });
  await project.bizops(["run", "a"]);
  expect(await getState("a")).toBe(bookmark(10));
  const file = project.path("state.json");
  // More digits than a double holds.
  writeFileSync(file, bookmark("12345678901234567890"));
  expect(await project.bizops(["state", "set", "a", file])).toMatchObject({ code: 0 });
  expect(await getState("a")).toBe(bookmark("12345678901234567890"));
  expect(await project.bizops(["state", "clear", "a"])).toMatchObject({ code: 0 });
  expect(await getState("a")).toMatch(/a has no state/);
  const { answer: versions } = await project.ask(["state", "list", "a"]);
  expect(versions.map(({ origin }: { origin: string }) => origin)).toEqual(["clear", "set", "run"]);
  const good = versions.at(-1).id;
  expect(await getState("a", "--version", String(good))).toBe(bookmark(10));
  await project.bizops(["state", "set", "a", "--version", String(good)]);
  await project.bizops(["state", "copy", "a", "b"]);
  expect(await getState("b")).toBe(bookmark(10));
  await project.bizops(["run", "--parallel", "2"]);
  expect([await getState("a"), await getState("b")]).toEqual([bookmark(20), bookmark(20)]);
  const { answer: latest } = await project.ask(["state", "list"]);
  expect(latest.map(({ stateId }: { stateId: string }) => stateId)).toEqual(["a", "b"]);
});

test("[RUN-2] without a warehouse a state is kept in a file", async () => {
  project.configure({ a: { target: "target-script" } });
  const environment = { PG_DATABASE: "" };
  for (let time = 0; time < 2; time += 1) {
    expect(await project.bizops(["run"], { environment })).toMatchObject({ code: 0 });
  }
  const file = project.path(".bizops/state/a.json");
  expect(readFileSync(file, "utf8").trim()).toBe(bookmark(20));
  await project.bizops(["state", "clear", "a"], { environment });
  expect(existsSync(file)).toBe(false);
  const list = await project.bizops(["runs", "list"], { environment });
  expect(list.code).toBe(2);
  expect(list.stderr).toMatch(/set PG_DATABASE/);
});

test("[RUN-2] with a warehouse, the run store keeps the state of a target that keeps none", async () => {
  project.configure({ a: { target: "target-script" } });
  await project.bizops(["run"]);
  await project.bizops(["run"]);
  expect(await project.database.query("SELECT state_id, state FROM bizops.states")).toEqual([
    { state_id: "a", state: bookmark(20) },
  ]);
  expect(existsSync(project.path(".bizops/state"))).toBe(false);
});

test.each([
  ["no JSON", "{", /does not hold a state/],
  ["a list", "[]", /does not hold a state/],
])("[EXIT-2] a file with %s is refused, and the state stays", async (_, text, message) => {
  project.configure({ a: {} });
  await project.bizops(["run"]);
  const file = project.path("state.json");
  writeFileSync(file, text);
  const set = await project.bizops(["state", "set", "a", file]);
  expect(set.code).toBe(2);
  expect(set.stderr).toMatch(message);
  expect(await getState("a")).toBe(bookmark(10));
  const unknown = await project.bizops(["state", "set", "a", "--version", "999"]);
  expect(unknown.stderr).toMatch(/a has no version 999/);
});
