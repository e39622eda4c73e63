/** The tap kit through a tap's command line. */
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Catalog, Message, RecordMessage, StateMessage } from "@bizops/singer";
import { type ProgramResult, type RunOptions, readMessages, runProgram } from "@bizops/testkit";
import { Ajv } from "ajv";

const program = fileURLToPath(new URL("sample-tap.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tap-kit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = (name: string, value: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
};
const tap = (args: string[], settings: object = {}, options: RunOptions = {}) =>
  runProgram(
    process.execPath,
    [program, "--config", json("config.json", { token: "hunter2", ...settings }), ...args],
    { ...options, environment: { BIZOPS_PSEUDONYM_KEY: "key", ...options.environment } },
  );
const recordsOf = (messages: Message[], stream: string) =>
  messages
    .filter((message): message is RecordMessage => message.type === "RECORD")
    .filter((message) => message.stream === stream)
    .map(({ record }) => record);
const statesOf = (messages: Message[]) =>
  messages
    .filter((message): message is StateMessage => message.type === "STATE")
    .map(({ value }) => JSON.parse(JSON.stringify(value)));
const ids = (messages: Message[], stream: string) =>
  recordsOf(messages, stream).map(({ id }) => Number(String(id)));
const lastLine = ({ stderr }: ProgramResult) => stderr.trim().split("\n").at(-1);
const discover = async (): Promise<Catalog> => JSON.parse((await tap(["--discover"])).stdout);
const select = async (stream: string, fields: { [field: string]: object } = {}) => {
  const catalog = await discover();
  const streams = catalog.streams.map((entry) => ({
    ...entry,
    metadata: entry.metadata.map(({ breadcrumb, metadata }) => ({
      breadcrumb,
      metadata: {
        ...metadata,
        ...(breadcrumb.length === 0 && { selected: entry.stream === stream }),
        ...fields[breadcrumb[1] ?? ""],
      },
    })),
  }));
  return json("catalog.json", { streams });
};

describe("discovery and selection", () => {
  test("[TAP-1] prints a catalog that keeps the schema of catalogs, and needs no pseudonym key", async () => {
    const run = await tap(["--discover"], {}, { environment: { BIZOPS_PSEUDONYM_KEY: "" } });
    expect(run.code).toBe(0);
    const schema = createRequire(import.meta.url)("@bizops/schemas/catalog.schema.json");
    const catalog = JSON.parse(run.stdout);
    expect(new Ajv({ strict: false }).validate(schema, catalog)).toBe(true);
    const metadata = Object.fromEntries(
      catalog.streams[0].metadata.map((entry: { breadcrumb: string[]; metadata: object }) => [
        entry.breadcrumb.at(-1) ?? "stream",
        entry.metadata,
      ]),
    );
    expect(metadata).toMatchObject({
      stream: {
        "selected-by-default": true,
        "table-key-properties": ["id"],
        "replication-key": "updated",
        "valid-replication-keys": ["updated"],
      },
      id: { inclusion: "automatic" },
      updated: { inclusion: "automatic" },
      score: { inclusion: "available", "selected-by-default": false },
      blob: { inclusion: "unsupported" },
    });
  });

  test("[TAP-2] without a catalog it reads what is selected by default, without the fields that are not", async () => {
    const messages = readMessages((await tap([])).stdout);
    expect(new Set(messages.flatMap((m) => ("stream" in m ? [m.stream] : [])))).toEqual(
      new Set(["ordered", "unordered"]),
    );
    expect(Object.keys(recordsOf(messages, "ordered")[0]!)).toEqual([
      "id",
      "updated",
      "email",
      "born",
    ]);
  });

  test("[TAP-3] a catalog decides; keys and replication keys cannot be deselected; unsupported is never read", async () => {
    const catalog = await select("unordered", {
      id: { selected: false },
      updated: { selected: false },
      email: { selected: false },
      score: { selected: true },
      blob: { selected: true },
    });
    const messages = readMessages((await tap(["--catalog", catalog])).stdout);
    expect(recordsOf(messages, "ordered")).toEqual([]);
    expect(Object.keys(recordsOf(messages, "unordered")[0]!).sort()).toEqual([
      "born",
      "id",
      "score",
      "updated",
    ]);
  });

  test("[TAP-4] what nobody declared is left out, counted and named; so is what the catalog does not know", async () => {
    const catalog = JSON.parse(readFileSync(await select("ordered"), "utf8")) as Catalog;
    const { born: _, ...known } = catalog.streams[0]!.schema.properties!;
    const streams = [{ ...catalog.streams[0], schema: { properties: known } }];
    const { stderr, stdout } = await tap(["--catalog", json("old.json", { streams })]);
    expect(stderr).toMatch(/WARNING ordered: property surprise is not declared.* count=10/);
    expect(stderr).toMatch(
      /WARNING ordered: fields of the source that are not in the catalog.* fields=born/,
    );
    expect(stdout).not.toMatch(/surprise|born/);
  });

  test("[EXIT-2] a catalog that selects nothing, or a stream the source lacks", async () => {
    expect(lastLine(await tap(["--catalog", await select("nothing")]))).toMatch(
      /selects no stream/,
    );
    const streams = [{ stream: "gone", schema: {}, selected: true }];
    const run = await tap(["--catalog", json("gone.json", { streams })]);
    expect(run.code).toBe(2);
    expect(lastLine(run)).toMatch(/not in the source: gone/);
  });
});

describe("sync", () => {
  test("[TAP-5] [WIRE-1] SCHEMA comes before RECORDs, every line keeps the schema of messages", async () => {
    const { stdout } = await tap([]);
    const schema = createRequire(import.meta.url)("@bizops/schemas/message.schema.json");
    const validate = new Ajv({ strict: false, formats: { "date-time": true } }).compile(schema);
    for (const line of stdout.trim().split("\n")) expect(validate(JSON.parse(line))).toBe(true);
    const seen = new Set<string>();
    for (const message of readMessages(stdout)) {
      if (message.type === "SCHEMA") seen.add(message.stream);
      if (message.type === "RECORD") expect(seen).toContain(message.stream);
    }
  });

  test("[STATE-1] run again from any emitted state and nothing is missing", async () => {
    const whole = readMessages((await tap([])).stdout);
    const all = { ordered: ids(whole, "ordered"), unordered: ids(whole, "unordered") };
    const at = whole.flatMap((message, index) => (message.type === "STATE" ? [index] : []));
    expect(at.length).toBeGreaterThan(4);
    for (const index of at) {
      const before = whole.slice(0, index + 1);
      const state = json("state.json", statesOf(before).at(-1));
      const after = readMessages((await tap(["--state", state])).stdout);
      for (const stream of ["ordered", "unordered"] as const) {
        const seen = new Set([...ids(before, stream), ...ids(after, stream)]);
        expect([...seen].sort((a, b) => a - b)).toEqual(all[stream]);
      }
    }
  });

  test("[STATE-5] the replication key of an unordered stream moves at its end; the last state has no currently_syncing", async () => {
    const states = statesOf(readMessages((await tap([])).stdout));
    const unordered = states.map((state) => state.bookmarks.unordered?.updated);
    expect(new Set(unordered.filter(Boolean))).toEqual(new Set(["2024-01-10T00:00:00.000Z"]));
    expect(states.at(-1)).not.toHaveProperty("currently_syncing");
  });

  test("[TAP-7] start_date is inclusive, end_date exclusive", async () => {
    const window = { start_date: "2024-01-03T00:00:00.000Z", end_date: "2024-01-06T00:00:00.000Z" };
    expect(ids(readMessages((await tap([], window)).stdout), "ordered")).toEqual([3, 4, 5]);
  });

  test("[TAP-8] a full table comes with a version and ACTIVATE_VERSION", async () => {
    const messages = readMessages((await tap(["--catalog", await select("stages")])).stdout);
    const records = messages.filter((message) => message.type === "RECORD");
    const activation = messages.find((message) => message.type === "ACTIVATE_VERSION");
    expect(records).toHaveLength(2);
    expect(activation?.version).toBe(records[0]!.version);
  });

  test("[TAP-6] --test reads at most one record of each stream and writes no state", async () => {
    const run = await tap(["--test"]);
    const messages = readMessages(run.stdout);
    expect(run.code).toBe(0);
    expect(ids(messages, "ordered")).toEqual([1]);
    expect(ids(messages, "unordered")).toEqual([1]);
    expect(statesOf(messages)).toEqual([]);
  });
});

describe("failures", () => {
  test("[TAP-9] [EXIT-5] a stream that fails ends alone, keeps its progress, and decides the exit code", async () => {
    const run = await tap([], { fail: "ordered:4" });
    const messages = readMessages(run.stdout);
    expect(run.code).toBe(5);
    expect(ids(messages, "unordered")).toHaveLength(10);
    expect(statesOf(messages).at(-1).bookmarks).toEqual({
      ordered: { updated: "2024-01-04T00:00:00.000Z" },
      unordered: { updated: "2024-01-10T00:00:00.000Z" },
    });
    expect(lastLine(run)).toMatch(/1 of 2 streams failed: ordered/);
  });

  test("[EXIT-3] refused credentials end the run at once", async () => {
    const run = await tap([], { fail: "ordered:0", how: "auth" });
    expect(run.code).toBe(3);
    expect(ids(readMessages(run.stdout), "unordered")).toEqual([]);
    expect(lastLine(run)).toBe("CRITICAL the source refused the token");
  });

  test("[EXIT-1] a bug shows its kind and frames, never the runtime's message", async () => {
    const run = await tap(["--catalog", await select("ordered")], {
      fail: "ordered:0",
      how: "bug",
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/CRITICAL internal error: TypeError/);
    expect(run.stderr).not.toContain("secret@example.com");
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "[EXIT-128] %s ends it; the state emitted is good",
    async (signal) => {
      const run = await tap(
        [],
        { hang: "ordered" },
        {
          onStart: (child) => child.stdout!.once("data", () => child.kill(signal)),
        },
      );
      expect(run.code).toBe(signal === "SIGINT" ? 130 : 143);
      for (const state of statesOf(readMessages(run.stdout))) {
        expect(state.bookmarks.ordered.updated).toBe("2024-01-04T00:00:00.000Z");
      }
    },
  );

  test("[EXIT-141] the reader of our output has gone away", async () => {
    const run = await tap([], {}, { onStart: (child) => child.stdout!.destroy() });
    expect(run.code).toBe(141);
    expect(lastLine(run)).toBe("CRITICAL the program reading our output has gone away");
  });

  test("[EXIT-4] our output goes to a full disk", async () => {
    const config = json("config.json", { token: "x" });
    const run = await runProgram(
      "sh",
      ["-c", `exec ${process.execPath} ${program} --config ${config} > /dev/full`],
      { environment: { BIZOPS_PSEUDONYM_KEY: "key" } },
    );
    expect(run.code).toBe(4);
    expect(lastLine(run)).toBe("CRITICAL our output cannot be written: the disk is full");
  });

  test("[EXIT-2] missing settings, missing files, unknown flags: one line each", async () => {
    const bare = await runProgram(process.execPath, [program]);
    expect(bare).toMatchObject({ code: 2, stdout: "" });
    expect(bare.stderr).toBe(
      "CRITICAL tap-sample settings: token is missing (or set TAP_SAMPLE_TOKEN)\n",
    );
    for (const args of [["--state", "/nowhere"], ["--nonsense"], ["--config"], ["stray"]]) {
      const run = await tap(args);
      expect(run.code).toBe(2);
      expect(run.stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});

describe("privacy", () => {
  test("[PRIV-1] [PRIV-4] direct data become pseudonyms, free text is dropped, the schema says so", async () => {
    const messages = readMessages((await tap([])).stdout);
    const [schema] = messages.filter((message) => message.type === "SCHEMA");
    expect(schema!.schema.properties).toEqual({
      id: { type: "integer" },
      updated: { type: "string", format: "date-time" },
      email: { type: ["null", "string"] },
      born: { type: ["null", "string"], format: "date", "x-privacy": "indirect" },
    });
    const hmac = createHmac("sha256", "key").update("person1@example.com").digest("hex");
    expect(recordsOf(messages, "ordered")[0]).toMatchObject({ email: hmac, born: "1980-05-06" });
  });

  test("[PRIV-2] the policy's fields win over the catalog, the catalog over the class", async () => {
    const catalog = await select("ordered", {
      email: { privacy: "mask" },
      notes: { privacy: "keep" },
      born: { privacy: "drop" },
    });
    const privacy = { fields: { "ordered.born": "year-only" } };
    const messages = readMessages((await tap(["--catalog", catalog], { privacy })).stdout);
    expect(recordsOf(messages, "ordered")[0]).toMatchObject({
      email: "***",
      notes: "confidential remark",
      born: "1980-01-01",
    });
  });

  test("[PRIV-3] without a key there is no run: exit 2, nothing on stdout", async () => {
    const run = await tap([], {}, { environment: { BIZOPS_PSEUDONYM_KEY: "" } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(lastLine(run)).toMatch(/ordered.email must be pseudonymised.*BIZOPS_PSEUDONYM_KEY/);
  });

  test("[PRIV-5] no secret and no value of a record is in any log", async () => {
    const { stderr } = await tap([], { fail: "ordered:4" }, { environment: { LOGLEVEL: "debug" } });
    for (const hidden of ["hunter2", "@example.com", "confidential", "1980"]) {
      expect(stderr).not.toContain(hidden);
    }
  });
});

describe("logs", () => {
  test("[LOG-1] record counts as METRIC lines; their sum is the number of records", async () => {
    const { stderr } = await tap([]);
    const counts = [...stderr.matchAll(/^INFO METRIC: (.*)$/gm)]
      .map(([, text]) => JSON.parse(text!))
      .filter(({ metric, tags }) => metric === "record_count" && tags.endpoint === "ordered");
    expect(counts.reduce((sum, { value }) => sum + value, 0)).toBe(10);
  });

  test("[LOG-2] LOG_FORMAT=json gives one JSON object a line", async () => {
    const { stderr } = await tap([], {}, { environment: { LOG_FORMAT: "json" } });
    for (const line of stderr.trim().split("\n")) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(String),
        message: expect.any(String),
      });
    }
  });
});

test("[CLI-1] --help, --version and --about need no settings", async () => {
  for (const args of [
    ["--help"],
    ["--version"],
    ["--about"],
    ["--about", "--format", "markdown"],
  ]) {
    expect(await runProgram(process.execPath, [program, ...args])).toMatchObject({
      code: 0,
      stderr: "",
    });
  }
});
