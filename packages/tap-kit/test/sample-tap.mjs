/** A tap for the tests: a source in memory, with one stream of each kind and faults by setting. */

import { AuthError, ContractError, runProgram, UnavailableError } from "@bizops/singer";
import { runTap } from "@bizops/tap-kit";

const person = {
  type: "object",
  properties: {
    id: { type: "integer" },
    updated: { type: "string", format: "date-time" },
    email: { type: ["null", "string"], "x-privacy": "direct" },
    born: { type: ["null", "string"], format: "date", "x-privacy": "indirect" },
    notes: { type: ["null", "string"], "x-privacy": "free-text" },
    score: { type: ["null", "number"] },
    blob: { type: "string" },
  },
};
const people = Array.from({ length: 10 }, (_, index) => ({
  id: index + 1,
  updated: `2024-01-${String(index + 1).padStart(2, "0")}T00:00:00.000Z`,
  email: `person${index + 1}@example.com`,
  born: "1980-05-06",
  notes: "confidential remark",
  score: index / 4,
  surprise: "not declared",
}));
const failures = {
  auth: () => new AuthError("the source refused the token"),
  contract: () => new ContractError("the source sent no table"),
  unavailable: () => new UnavailableError("the source does not answer"),
  bug: () => new TypeError("secret@example.com is not a function"),
};

function incremental(name, ordered, settings) {
  return {
    name,
    schema: person,
    key: ["id"],
    replication: { method: "INCREMENTAL", key: "updated" },
    selectedByDefault: true,
    unselectedFields: ["score"],
    unsupportedFields: { blob: "binary" },
    async *read({ bookmark, startDate, endDate, signal }) {
      const from = bookmark?.updated ?? startDate ?? "";
      const rows = people.filter(
        ({ updated }) => updated >= from && (endDate === undefined || updated < endDate),
      );
      for (let at = 0; at < rows.length; at += 4) {
        signal.throwIfAborted();
        if (settings.fail === `${name}:${at}`) throw failures[settings.how]();
        const records = rows.slice(at, at + 4);
        const may = ordered || at + 4 >= rows.length;
        yield { records, ...(may && { bookmark: { updated: records.at(-1).updated } }) };
        if (settings.hang === name)
          await new Promise((_, reject) => {
            const alive = setInterval(() => {}, 1000);
            signal.addEventListener("abort", () => {
              clearInterval(alive);
              reject(signal.reason);
            });
          });
      }
    },
  };
}

const tap = {
  name: "tap-sample",
  version: "1.2.3",
  description: "A tap for tests.",
  doc: "https://example.com/",
  settings: {
    type: "object",
    required: ["token"],
    properties: {
      token: { type: "string", "x-secret": true, description: "Token." },
      fail: { type: "string", description: "Where to fail." },
      how: { type: "string", default: "contract", description: "How to fail." },
      hang: { type: "string", description: "Where to wait for a signal." },
    },
  },
  async connect({ settings }) {
    const stages = {
      name: "stages",
      schema: { type: "object", properties: { name: { type: "string" } } },
      key: [],
      replication: { method: "FULL_TABLE" },
      async *read() {
        yield { records: [{ name: "open" }, { name: "won" }] };
      },
    };
    return {
      discover: async () => [
        incremental("ordered", true, settings),
        incremental("unordered", false, settings),
        stages,
      ],
    };
  },
};

await runProgram((context) => runTap(tap, context));
