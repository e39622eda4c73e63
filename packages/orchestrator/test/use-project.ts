/** A project of small foreign taps, to be told what to do, in a folder and a database of its own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  commandPath,
  createScratchDatabase,
  type ProgramResult,
  type RunOptions,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";
import { stringify } from "yaml";

/** What the tap of a pipeline does; `codes` are its exit codes, call by call, 0 after the last. */
export interface TapScript {
  readonly codes?: readonly number[];
  readonly rows?: number;
  /** Ends no sooner than the file of this name is gone. */
  readonly block?: string;
  /** Writes rows up to this id instead, each with a STATE, a few milliseconds apart. */
  readonly last?: number;
}

/** A call of a tap, as the tap itself noted it. */
export interface TapCall {
  readonly tap: string;
  readonly pid: number;
  readonly state: { readonly [name: string]: unknown } | null;
  readonly selected: readonly string[] | null;
  readonly start: string | null;
  readonly end: string | null;
}

/**
 * Rows are numbered on from the bookmark; the bookmark is how many there were. Of its streams `numbers` and `letters`
 * the second is read only if a catalog selects it.
 */
const tapScript = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const read = (flag) => {
  const at = process.argv.indexOf(flag);
  return at === -1 ? null : JSON.parse(readFileSync(process.argv[at + 1], "utf8"));
};
const config = read("--config");
const write = (message) => process.stdout.write(JSON.stringify(message) + "\\n");
const schema = { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } };
if (process.argv.includes("--discover")) {
  const streams = ["numbers", "letters"].map((stream) => ({ tap_stream_id: stream, stream, schema, metadata: [] }));
  write({ streams });
  return;
}
const calls = existsSync("calls.jsonl") ? readFileSync("calls.jsonl", "utf8").trim().split("\\n").map((line) => JSON.parse(line)) : [];
const before = calls.filter(({ tap }) => tap === config.name).length;
const state = read("--state");
const catalog = read("--catalog");
const selected = catalog && catalog.streams.filter((each) => each.metadata.some((m) => m.breadcrumb.length === 0 && m.metadata.selected)).map(({ stream }) => stream);
const call = { tap: config.name, pid: process.pid, state, selected, start: config.start_date ?? null, end: config.end_date ?? null };
appendFileSync("calls.jsonl", JSON.stringify(call) + "\\n");
const from = state?.bookmarks?.numbers?.id ?? 0;
const streams = config.last === undefined ? (selected ?? ["numbers"]) : [];
for (const stream of streams) {
  write({ type: "SCHEMA", stream, schema, key_properties: ["id"] });
  for (let id = from + 1; id <= from + config.rows; id += 1) write({ type: "RECORD", stream, record: { id, name: "n" + id } });
  process.stderr.write("INFO METRIC: " + JSON.stringify({ type: "counter", metric: "record_count", value: config.rows, tags: { endpoint: stream } }) + "\\n");
}
const writeState = (id) => write({ type: "STATE", value: { bookmarks: { numbers: { id } } } });
const writeSlowly = (id) => {
  if (id > config.last) return end();
  write({ type: "RECORD", stream: "numbers", record: { id, name: "n" + id } });
  writeState(id);
  setTimeout(writeSlowly, 10, id + 1);
};
const end = () => {
  if (config.block && existsSync(config.block)) return setTimeout(end, 10);
  const code = config.codes[before] ?? 0;
  if (code !== 0) process.stderr.write("CRITICAL it ended with " + code + "\\n");
  process.exitCode = code;
};
if (config.last === undefined) {
  writeState(from + config.rows);
  end();
} else {
  write({ type: "SCHEMA", stream: "numbers", schema, key_properties: ["id"] });
  writeSlowly(from + 1);
}
`;

/** Puts the value of each STATE out and keeps nothing. */
const targetScript = `#!/bin/sh
[ "$1" = --about ] && exit 1
sed -un 's/^{"type":"STATE","value":\\(.*\\)}$/\\1/p'
`;

export interface TestProject {
  readonly folder: string;
  readonly database: ScratchDatabase;
  /** Writes bizops.yml anew: pipelines, and what else is to be in it. */
  configure(pipelines: { readonly [name: string]: object }, rest?: object): void;
  bizops(args: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** Runs it and reads what it prints as JSON; its exit code is in `code`. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is compared, not computed with
  ask(args: readonly string[], options?: RunOptions): Promise<{ code: number | null; answer: any }>;
  calls(): TapCall[];
  path(name: string): string;
  close(): Promise<void>;
}

export async function createTestProject(): Promise<TestProject> {
  const folder = mkdtempSync(join(tmpdir(), "project-"));
  const database = await createScratchDatabase();
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "tap-script"), tapScript, { mode: 0o755 });
  writeFileSync(join(bin, "target-script"), targetScript, { mode: 0o755 });
  const path = (name: string) => join(folder, name);
  const bizops = (args: readonly string[], options: RunOptions = {}) =>
    runProgram(commandPath("bizops"), args, {
      folder,
      ...options,
      environment: { ...database.environment, ...options.environment },
    });
  return {
    folder,
    database,
    path,
    bizops,
    configure(pipelines, rest = {}) {
      const filled = Object.entries(pipelines).map(
        ([name, { config, ...pipeline }]: [string, { config?: object }]) => [
          name,
          {
            tap: "tap-script",
            target: "target-postgres",
            retry: { first_wait_seconds: 0.05 },
            ...pipeline,
            config: { name, rows: 10, codes: [], ...config },
          },
        ],
      );
      const file = { pipelines: Object.fromEntries(filled), ...rest };
      writeFileSync(path("bizops.yml"), stringify(file));
    },
    async ask(args, options) {
      const { code, stdout, stderr } = await bizops([...args, "--json"], options);
      if (stdout === "") throw new Error(`bizops ${args.join(" ")} ended with ${code}: ${stderr}`);
      return { code, answer: JSON.parse(stdout) };
    },
    calls() {
      if (!existsSync(path("calls.jsonl"))) return [];
      // A line may be half written yet.
      const lines = readFileSync(path("calls.jsonl"), "utf8").split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line));
    },
    async close() {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for what another process does. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await is()); await delay(10)) {
    if (Date.now() > end) throw new Error(`it never came to pass that ${what}`);
  }
}
