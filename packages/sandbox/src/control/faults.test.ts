/** Faults: read strictly, spent one call at a time. */
import { makeFaults, readFaults } from "./faults.ts";

test("strikes the calls it matches, as often as told", () => {
  const faults = makeFaults();
  faults.add(readFaults({ match: { method: "get", path: "/query\\?" }, times: 2, kind: "reset" }));
  expect(faults.strike("POST", "/query?q=1")).toBeNull();
  expect(faults.strike("GET", "/limits")).toBeNull();
  expect(faults.strike("GET", "/query?q=1")?.kind).toBe("reset");
  expect(faults.strike("GET", "/query?q=1")?.kind).toBe("reset");
  expect(faults.strike("GET", "/query?q=1")).toBeNull();
});

test.each([
  [{ kind: "explode" }, "kind"],
  [{ kind: "reset", times: "2" }, "times"],
  [{ kind: "reset", match: { path: "(" } }, "match.path"],
  [{ kind: "reset", afterbytes: 1 }, "afterbytes"],
  [null, "object"],
])("refuses %j and names %s", (fault, name) => {
  expect(() => readFaults(fault)).toThrow(name);
});
