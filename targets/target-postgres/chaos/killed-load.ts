/** One load that is killed and run again from its STATE, and the comparison of its tables with the truth. */
import type { ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { commandPath, type OwnServer, type ProgramResult, runProgram } from "@bizops/testkit";
import type { CuttingProxy } from "./cutting-proxy.ts";
import type { Random } from "./seeded-random.ts";
import { type KillKind, type Plan, Strikes } from "./strikes.ts";
import {
  appends,
  type Entry,
  expectRows,
  makeEntries,
  type RowText,
  renderLines,
  type StreamShape,
  type Workload,
} from "./workload.ts";

/** Entries of a load: some tens of segments. */
const length = 8000;

/** Where the tables are. */
export interface Place {
  readonly server: OwnServer;
  readonly proxy: CuttingProxy;
  /** The load's own, not yet there. */
  readonly schema: string;
}

/** A load into a schema of its own. */
export class KilledLoad {
  readonly #place: Place;
  readonly #workload: Workload;
  readonly #entries: readonly Entry[];
  readonly #environment: { readonly [variable: string]: string };
  /** Entries the last STATE covers. */
  #covered = 0;
  /** Whether a run has come to its end. */
  complete = false;

  constructor(place: Place, workload: Workload, random: Random) {
    this.#place = place;
    this.#workload = workload;
    this.#entries = makeEntries(workload, random, length);
    this.#environment = {
      ...place.server.environment,
      // Longer than the server takes to be back.
      TARGET_POSTGRES_RECONNECT_SECONDS: "8",
      TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA: place.schema,
      TARGET_POSTGRES_BATCH_SIZE_ROWS: String(50 + random.below(250)),
      TARGET_POSTGRES_LOAD_METHOD: workload.appendOnly ? "append-only" : "upsert",
      ...(workload.stored && { TARGET_POSTGRES_STATE_ID: "chaos" }),
    };
  }

  /**
   * Runs the target from the last STATE and checks what is there afterwards.
   * @param direct connect to the server itself; kills by the proxy do not happen then
   * @returns what was killed
   * @throws Error if the run ended otherwise than it may or the tables lack something
   */
  async run(plan: Plan, direct: boolean): Promise<readonly KillKind[]> {
    const { server, proxy } = this.#place;
    const strikes = new Strikes(server, proxy, plan);
    const port = direct ? server.port : proxy.port;
    const result = await runProgram(commandPath("target-postgres"), [], {
      environment: { ...this.#environment, PG_PORT: String(port) },
      keepInputOpen: true,
      onStart: (child) => {
        strikes.watch(child);
        this.#feed(child);
      },
    });
    const struck = await strikes.settle();
    this.#judge(result, struck);
    await this.#untilIdle();
    await this.#readState(result.stdout);
    await this.#checkCovered();
    return struck;
  }

  /** @throws Error if a table does not hold exactly what the tap said; removes the tables otherwise */
  async compare(): Promise<void> {
    const expected = expectRows(this.#workload, this.#entries);
    for (const [stream, rows] of expected) this.#expectSame(stream, await this.#read(stream), rows);
    await this.#place.server.query(`DROP SCHEMA ${this.#place.schema} CASCADE`);
  }

  /** As slowly as the target reads, some entries at a time. */
  #feed(child: ChildProcess): void {
    const lines = renderLines(this.#workload, this.#entries, this.#covered);
    const chunks = async function* () {
      let chunk = "";
      for (const line of lines) {
        chunk += line;
        if (chunk.length < 2000) continue;
        yield chunk;
        chunk = "";
        await nextTurn();
      }
      yield chunk;
    };
    // A target that is gone reads no more.
    pipeline(Readable.from(chunks()), child.stdin!).catch(() => {});
  }

  #judge({ code, signal, stderr }: ProgramResult, struck: readonly KillKind[]): void {
    this.complete = code === 0;
    if (code === 0 || (code === 4 && struck.length > 0)) return;
    if (signal === "SIGKILL" && struck.at(-1) === "target") return;
    const what = struck.join(", ") || "nothing";
    this.#fail(`ended with ${code ?? signal} after a kill of ${what}\n${stderr}`);
  }

  /** Until the server has noticed that the target is gone. */
  async #untilIdle(): Promise<void> {
    for (;;) {
      const [others] = await this.#place.server.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      if (others!.n === 0) return;
    }
  }

  async #readState(stdout: string): Promise<void> {
    // A killed target may have been writing.
    const put = readNext(stdout.slice(0, stdout.lastIndexOf("\n") + 1));
    const known = this.#workload.stored ? await this.#readStored() : Math.max(put, this.#covered);
    if (known < put) this.#fail(`${put} is on stdout, but only ${known} is stored`);
    if (known < this.#covered) this.#fail(`the stored state went back to ${known}`);
    this.#covered = known;
    if (this.complete && known !== this.#entries.length) {
      this.#fail(`ended well, but its last STATE is ${known}`);
    }
  }

  async #readStored(): Promise<number> {
    const asked = await runProgram(commandPath("target-postgres"), ["--get-state"], {
      environment: this.#environment,
    });
    if (asked.code === 0) return readNext(asked.stdout);
    return this.#fail(`--get-state ended with ${asked.code}\n${asked.stderr}`);
  }

  /** What a STATE covers is there; what stands side by side is there once, and nothing else. */
  async #checkCovered(): Promise<void> {
    const expected = expectRows(this.#workload, this.#entries.slice(0, this.#covered));
    for (const [stream, rows] of expected) {
      const found = await this.#read(stream);
      const exactly = appends(this.#workload, stream) && this.#workload.stored;
      if (exactly) this.#expectSame(stream, found, rows);
      else this.#expectNotOlder(stream, found, rows);
    }
  }

  async #read({ name, properties, versioned }: StreamShape): Promise<RowText[]> {
    const { server, schema } = this.#place;
    const table = `${schema}.${name}`;
    const [found] = await server.query<{ made: boolean }>(
      "SELECT to_regclass($1) IS NOT NULL AS made",
      [table],
    );
    if (!found!.made) return [];
    const columns = Object.keys(properties).map((column) => `${column}::text`);
    if (versioned) columns.push(`("_sdc_deleted_at" IS NULL)::text AS alive`);
    const rows = await server.query<{ [column: string]: string | null }>(
      `SELECT ${columns.join(", ")} FROM ${table}`,
    );
    return rows.map((row) => Object.values(row));
  }

  #expectSame(stream: StreamShape, found: readonly RowText[], rows: readonly RowText[]): void {
    const is = found.map((row) => JSON.stringify(row)).sort();
    const should = rows.map((row) => JSON.stringify(row)).sort();
    const at = should.findIndex((row, index) => is[index] !== row);
    if (at === -1 && is.length === should.length) return;
    const place = at === -1 ? should.length : at;
    this.#fail(
      `${stream.name} has ${is.length} rows instead of ${should.length}; the first that differs is ${is[place]} instead of ${should[place]}`,
    );
  }

  #expectNotOlder(stream: StreamShape, found: readonly RowText[], rows: readonly RowText[]): void {
    const names = Object.keys(stream.properties);
    const keyOf = (row: RowText) =>
      JSON.stringify(stream.key.map((name) => row[names.indexOf(name)]));
    const numberOf = (row: RowText) => Number(row[names.indexOf("n")]);
    const latest = new Map(found.map((row) => [keyOf(row), numberOf(row)]));
    const missing = rows.find((row) => (latest.get(keyOf(row)) ?? -1) < numberOf(row));
    if (missing === undefined) return;
    this.#fail(`${stream.name} lacks ${JSON.stringify(missing)}, which a STATE covers`);
  }

  #fail(what: string): never {
    const { name } = this.#workload;
    throw new Error(`${name}, ${this.#place.schema}, from entry ${this.#covered}: ${what}`);
  }
}

/** Where the last of these STATEs says to go on. */
function readNext(lines: string): number {
  const last = lines.trim().split("\n").at(-1)!;
  return last === "" ? 0 : (JSON.parse(last) as { next: number }).next;
}
