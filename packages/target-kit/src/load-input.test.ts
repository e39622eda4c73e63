/** The loop against a warehouse that only takes notes: what is loaded, in what order, and when STATE comes out. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { createLog, type JsonValue, type Row, UnavailableError } from "@bizops/singer";
import fc from "fast-check";
import { loadInput } from "./load-input.ts";
import {
  type CommitPoint,
  RejectedRow,
  type RowCollector,
  type Segment,
  type Warehouse,
} from "./warehouse.ts";

interface Noted extends RowCollector {
  readonly rows: Row[];
}

/** A warehouse that keeps rows per stream and what had been loaded when each STATE came out. */
function createNotes(failAt = Number.POSITIVE_INFINITY, commits: CommitPoint = "when-full") {
  const loaded: Row[] = [];
  let loads = 0;
  let last: Promise<void> = Promise.resolve();
  const uncommitted: Row[] = [];
  const warehouse: Warehouse = {
    commits,
    async open() {
      return {
        collect(): Noted {
          const rows: Row[] = [];
          return {
            rows,
            get size() {
              return rows.length;
            },
            absorb(later) {
              rows.push(...(later as Noted).rows);
            },
            add(row) {
              if (row.bad === true) throw new RejectedRow("bad row");
              rows.push(row);
            },
          };
        },
      };
    },
    load(segment: Segment, commit: boolean) {
      last = last.then(() => load(segment, commit));
      return last;
    },
    readState: async () => undefined,
    writeState: async () => {},
    close: async () => {},
  };
  const load = async (segment: Segment, commit: boolean) => {
    await nextTurn();
    loads += 1;
    if (loads === failAt) throw new UnavailableError("the warehouse has gone");
    for (const collector of segment.rows.values()) uncommitted.push(...(collector as Noted).rows);
    if (commit) loaded.push(...uncommitted.splice(0));
  };
  return { loaded, warehouse };
}

async function run(
  chunks: readonly string[],
  notes: ReturnType<typeof createNotes>,
  { rows = 2, maxRejected = 0 } = {},
) {
  const states: { value: JsonValue; loaded: number }[] = [];
  const end = await loadInput({
    input: (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })(),
    warehouse: notes.warehouse,
    limits: { rows, bytes: 1_000_000, waitSeconds: 60 },
    validateRecords: true,
    maxRejected,
    maxLineBytes: 1000,
    output: {
      failure: undefined,
      write: async (text) => {
        states.push({ value: JSON.parse(text), loaded: notes.loaded.length });
      },
      flush: async () => {},
    },
    log: createLog({}, () => {}),
    signal: new AbortController().signal,
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { states, end };
}

type Step = { stream: string } | "state";
const steps = fc.array(
  fc.oneof(
    fc.constantFrom("a", "b", "c").map((stream) => ({ stream })),
    fc.constant("state" as const),
  ),
  { maxLength: 40 },
);

/** Rows are numbered; a STATE's value is how many rows precede it. */
function toLines(sequence: readonly Step[]): string {
  let count = 0;
  const schemas = ["a", "b", "c"].map((stream) => ({
    type: "SCHEMA",
    stream,
    schema: { properties: { n: { type: "integer" } } },
    key_properties: [],
  }));
  const messages = sequence.map((step) => {
    if (step === "state") return { type: "STATE", value: count };
    count += 1;
    return { type: "RECORD", stream: step.stream, record: { n: count } };
  });
  return [...schemas, ...messages].map((message) => `${JSON.stringify(message)}\n`).join("");
}

function cut(text: string, sizes: readonly number[]): string[] {
  const chunks: string[] = [];
  let rest = text;
  for (const size of sizes) {
    chunks.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...chunks, rest];
}

const chunking = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 });

test("[STATE-2] no STATE comes out before every record ahead of it is loaded, and the last one always does", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      chunking,
      fc.integer({ min: 1, max: 7 }),
      async (sequence, sizes, rows) => {
        const notes = createNotes();
        const { states, end } = await run(cut(toLines(sequence), sizes), notes, { rows });
        expect(end).toBeUndefined();
        const total = sequence.filter((step) => step !== "state").length;
        expect(notes.loaded.map(({ n }) => Number(n)).sort((a, b) => a - b)).toEqual(
          Array.from({ length: total }, (_, index) => index + 1),
        );
        for (const { value, loaded } of states)
          expect(loaded).toBeGreaterThanOrEqual(Number(value));
        const at = sequence.lastIndexOf("state");
        const expected = sequence.slice(0, at).filter((step) => step !== "state").length;
        expect(states.at(-1)?.value).toBe(at === -1 ? undefined : expected);
      },
    ),
  );
});

test("[STATE-6] when a load fails nothing after it is loaded and no STATE of it comes out", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (sequence, failAt) => {
      const notes = createNotes(failAt);
      const { states, end } = await run([toLines(sequence)], notes, { rows: 1 });
      const numbers = notes.loaded.map(({ n }) => Number(n)).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
      for (const { value } of states) expect(numbers.length).toBeGreaterThanOrEqual(Number(value));
      if (end !== undefined) expect(end).toBeInstanceOf(UnavailableError);
    }),
  );
});

test("[TGT-14] one bad row too many: what precedes it is loaded, what follows is not read", async () => {
  const lines = toLines([{ stream: "a" }, "state", { stream: "a" }]).replace(
    '{"n":2}',
    '{"n":2,"bad":true}',
  );
  const notes = createNotes();
  const { states, end } = await run([lines, toLines([{ stream: "b" }])], notes, { rows: 10 });
  expect(end).toMatchObject({ code: "CONTRACT" });
  expect(notes.loaded).toEqual([{ n: 1 }]);
  expect(states.map(({ value }) => value)).toEqual([1]);
});

test("[WIRE-6] a line that is too long names the setting", async () => {
  const { end } = await run([`{"type":"STATE","value":"${"x".repeat(2000)}"}\n`], createNotes());
  expect((end as Error).message).toMatch(/longer than 1000 bytes.*max_line_bytes/);
});

test("[WIRE-2] type is read without regard to case", async () => {
  const notes = createNotes();
  const { end } = await run([toLines([{ stream: "a" }]).replaceAll("RECORD", "Record")], notes);
  expect(end).toBeUndefined();
  expect(notes.loaded).toHaveLength(1);
});

test("[STATE-7] a warehouse that commits at STATE holds exactly what its last STATE covers", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      chunking,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 12 }),
      async (sequence, sizes, rows, failAt) => {
        const notes = createNotes(failAt, "at-state");
        const { states, end } = await run(cut(toLines(sequence), sizes), notes, { rows });
        const last = states.at(-1)?.value;
        const total = sequence.filter((step) => step !== "state").length;
        const stateless = !sequence.includes("state") && end === undefined;
        expect(notes.loaded).toHaveLength(stateless ? total : Number(last ?? 0));
        if (end !== undefined) return;
        const at = sequence.lastIndexOf("state");
        const covered = sequence.slice(0, at).filter((step) => step !== "state").length;
        expect(last).toBe(at === -1 ? undefined : covered);
      },
    ),
  );
});
