/** Offset pages of a list that somebody deletes from while it is read. */
import { offsetPages } from "./list-streams.ts";
import type { MarketoApi } from "./marketo-api.ts";

/** @param deleteAt the call after which the first asset is gone, again and again where there are more */
function makeSource(count: number, deleteAt: readonly number[]) {
  const ids = Array.from({ length: count }, (_, id) => id);
  const all = [...ids];
  let calls = 0;
  const api: Pick<MarketoApi, "call"> = {
    async call({ params }) {
      const { offset, maxReturn } = params as { offset: number; maxReturn: number };
      const rows = ids.slice(offset, offset + maxReturn).map((id) => ({ id }));
      calls += 1;
      if (deleteAt.includes(calls)) ids.shift();
      return rows.length === 0 ? { success: true } : { success: true, result: rows };
    },
  };
  return { api: api as MarketoApi, all };
}

test.each([
  ["nobody deletes", 450, []],
  ["one is deleted", 450, [1]],
  ["one is deleted behind the last page", 400, [3]],
  ["there are none", 0, []],
  ["there are as many as a page holds", 200, []],
])("every asset is read when %s", async (_, count, deleteAt) => {
  const { api, all } = makeSource(count, deleteAt);
  const read = new Set<unknown>();
  for await (const rows of offsetPages(api, "/x")) for (const { id } of rows) read.add(id);
  expect([...read]).toEqual(all);
});

test("a list that never stands still ends the run with exit 4", async () => {
  const { api } = makeSource(
    450,
    Array.from({ length: 99 }, (_, n) => n),
  );
  const reading = (async () => {
    for await (const _ of offsetPages(api, "/x"));
  })();
  await expect(reading).rejects.toMatchObject({ exitCode: 4 });
});
