import fc from "fast-check";
import { runInOrder } from "./run-in-order.ts";

/** Jobs that take some turns of the event loop; every job waits for some of those before it. */
const jobs = fc
  .array(fc.record({ turns: fc.nat(5), after: fc.array(fc.nat(20)) }), { maxLength: 12 })
  .map((list) =>
    list.map(({ turns, after }, index) => ({
      name: String(index),
      turns,
      after: [...new Set(after.filter((other) => other < index).map(String))],
    })),
  );

test("[RUN-7] every job runs once, after those it waits for, never more at once than allowed", async () => {
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 4 }), async (list, parallel) => {
      const ended = new Set<string>();
      let running = 0;
      let most = 0;
      const results = await runInOrder(
        list.map(({ name, turns, after }) => ({
          name,
          after: [...after, "not chosen"],
          async run(before: readonly string[]) {
            expect(ended.has(name)).toBe(false);
            expect(after.every((other) => ended.has(other))).toBe(true);
            expect([...before].sort()).toEqual([...after].sort());
            most = Math.max(most, ++running);
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            running -= 1;
            ended.add(name);
            return name;
          },
        })),
        parallel,
      );
      expect(results).toEqual(list.map(({ name }) => name));
      expect(most).toBeLessThanOrEqual(parallel);
    }),
  );
});

test("an error waits for what runs, and starts nothing further", async () => {
  const said: string[] = [];
  const job = (name: string, after: string[], run: () => Promise<string>) => ({ name, after, run });
  const all = runInOrder(
    [
      job("a", [], async () => Promise.reject(new Error("a"))),
      job("b", [], async () => {
        for (let turn = 0; turn < 9; turn += 1) await Promise.resolve();
        said.push("b");
        return "b";
      }),
      job("c", [], async () => {
        said.push("c");
        return "c";
      }),
    ],
    2,
  );
  await expect(all).rejects.toThrow("a");
  expect(said).toEqual(["b"]);
});
