/** A PostgreSQL database as the target kit sees it. */
import { ConfigError, type Log, type SchemaMessage, UnavailableError } from "@bizops/singer";
import type { CommitPoint, RowRules, Segment, StreamTable, Warehouse } from "@bizops/target-kit";
import type { Client } from "pg";
import { isMerged } from "./load/load-rows.ts";
import { loadSegment, rowsOf, type Turn } from "./load/load-segment.ts";
import { readStoredState, writeStoredState } from "./load/stored-state.ts";
import { PostgresTable } from "./postgres-table.ts";
import { RowMemory } from "./rows/row-memory.ts";
import { toTableName } from "./schema/identifier.ts";
import { readShape } from "./schema/read-shape.ts";
import { Session } from "./session.ts";

type Settings = { readonly [name: string]: unknown };

/** @throws AuthError, ConfigError, UnavailableError */
export async function openWarehouse(settings: Settings, log: Log): Promise<Warehouse> {
  return new PostgresWarehouse(await Session.open(settings, log), settings, log);
}

/** A load under way, and where. */
interface Loading {
  readonly session: Promise<Session>;
  readonly load: Promise<void>;
}

/** Not a failure of the segment that meets it, so nothing to try again there. */
class EarlierSegmentFailed extends Error {}

class PostgresWarehouse implements Warehouse {
  readonly #log: Log;
  readonly #settings: Settings;
  readonly #defaultSchema: string;
  readonly #stateId: string | undefined;
  readonly #tables = new Map<string, PostgresTable>();
  readonly #memory = new RowMemory();
  /** Streams whose ACTIVATE_VERSION can do nothing, already warned of. */
  readonly #idleActivations = new Set<string>();
  readonly #session: Session;
  /** A second connection, on which a segment is copied while the one before is merged; null: there is none to be had. */
  #other: Session | null | undefined;
  #inTransaction = false;
  #last: Loading;

  constructor(session: Session, settings: Settings, log: Log) {
    this.#log = log;
    this.#session = session;
    this.#last = { session: Promise.resolve(session), load: Promise.resolve() };
    this.#settings = settings;
    this.#defaultSchema = settings.default_target_schema as string;
    this.#stateId = settings.state_id as string | undefined;
  }

  async open(message: SchemaMessage, rules?: RowRules): Promise<StreamTable> {
    const name = toTableName(message.stream, this.#defaultSchema);
    const options = {
      defaultSchema: this.#defaultSchema,
      addRecordMetadata: this.#settings.add_record_metadata as boolean,
      keyed: this.#settings.load_method !== "append-only",
      hardDelete: this.#settings.hard_delete as boolean,
      overwrite: this.#overwrites,
    };
    const read = (where: { schema: string; table: string }) =>
      this.#session.run((client) => readShape(client, where), {
        repeatable: !this.#inTransaction && !this.#overwrites,
      });
    const table = new PostgresTable(message, rules, options, await read(name), this.#memory);
    if (this.#overwrites) table.refresh(await read(table.shape));
    this.#reportDrift(message.stream, table);
    this.#tables.set(message.stream, table);
    return table;
  }

  /** With a stored state, as soon as one stream appends: its rows are not to be doubled by the next run. */
  get commits(): CommitPoint {
    if (this.#overwrites) return "at-end";
    if (this.#stateId === undefined) return "when-full";
    const appends = [...this.#tables.values()].some(({ shape }) => shape.key.length === 0);
    return appends ? "at-state" : "when-full";
  }

  load(segment: Segment, commit: boolean): Promise<void> {
    for (const { stream } of segment.activations) this.#reportIdleActivation(stream);
    const before = this.#last;
    const begin = this.#overwrites || !this.#inTransaction;
    this.#inTransaction = !commit && !this.#overwrites;
    const alone = this.#overwrites || !begin || !commit;
    const session = alone ? Promise.resolve(this.#session) : this.#chooseSession(segment, before);
    const turn = {
      begin,
      commit: commit || this.#overwrites,
      overwrite: commit && this.#overwrites,
      arrives: before.load.catch((cause) => {
        throw new EarlierSegmentFailed("a segment before has failed", { cause });
      }),
    };
    // Asked for only when this segment's turn has come.
    turn.arrives.catch(() => {});
    const load = this.#loadOn(session, segment, turn, before);
    this.#last = { session, load };
    return load;
  }

  readState(): Promise<string | undefined> {
    const stateId = this.#requireStateId();
    return this.#session.run((client) => readStoredState(client, this.#defaultSchema, stateId));
  }

  writeState(text: string): Promise<void> {
    const stateId = this.#requireStateId();
    return this.#session.run((client) =>
      writeStoredState(client, this.#defaultSchema, stateId, text),
    );
  }

  async close(): Promise<void> {
    for (const session of [this.#session, this.#other]) session?.stopTrying();
    // A load that failed has been heard of; one that fails because of it is no news.
    await this.#last.load.catch(() => {});
    await Promise.all([this.#session.close(), this.#other?.close()]);
  }

  /**
   * A segment whose transaction began with an earlier one cannot be loaded again, since that one's rows are gone;
   * nor can one whose rows are to overwrite, since the earlier ones were in the connection's own tables.
   */
  async #loadOn(
    choice: Promise<Session>,
    segment: Segment,
    turn: Omit<Turn, "onCommit">,
    before: Loading,
  ): Promise<void> {
    const session = await choice;
    if (session === (await before.session)) await before.load;
    let transactionId: string | undefined;
    const onCommit = (id: string) => {
      transactionId = id;
    };
    const work = async (client: Client, attempt: number) => {
      if (attempt > 0) {
        if (transactionId !== undefined && (await wasCommitted(client, transactionId))) return;
        for (const [, { table }] of rowsOf(segment)) {
          table.refresh(await readShape(client, table.shape));
        }
      }
      await loadSegment(
        client,
        segment,
        this.#tables,
        { ...turn, onCommit },
        {
          defaultSchema: this.#defaultSchema,
          stateId: this.#stateId,
          hardDelete: this.#settings.hard_delete as boolean,
        },
      );
    };
    try {
      await session.run(work, { repeatable: turn.begin && !this.#overwrites });
    } catch (error) {
      throw error instanceof EarlierSegmentFailed ? error.cause : error;
    }
    for (const [, rows] of rowsOf(segment)) rows.release();
  }

  /** Another connection than that of the segment before, if there is something to be copied ahead. */
  async #chooseSession(segment: Segment, before: Loading): Promise<Session> {
    const merges = [...rowsOf(segment)].some(([, rows]) => isMerged(rows));
    if (!merges || (await before.session) !== this.#session) return this.#session;
    if (this.#other === undefined) {
      this.#other = await Session.open(this.#settings, this.#log).catch(() => null);
    }
    return this.#other ?? this.#session;
  }

  get #overwrites(): boolean {
    return this.#settings.load_method === "overwrite";
  }

  /** Once a stream; what it means is for people, or the mapping, to say. */
  #reportDrift(stream: string, { drift }: PostgresTable): void {
    if (this.#tables.has(stream)) return;
    if (drift.stopped.length > 0) {
      this.#log.warning(`${stream}: columns that stopped arriving`, { ...drift });
    } else if (drift.added.length > 0) {
      this.#log.info(`${stream}: columns that are new`, { ...drift });
    }
  }

  #reportIdleActivation(stream: string): void {
    if (this.#tables.get(stream)?.hasVersions || this.#idleActivations.has(stream)) return;
    this.#idleActivations.add(stream);
    this.#log.warning(
      `${stream}: ACTIVATE_VERSION has no effect, since add_record_metadata is off and rows do not know their version`,
    );
  }

  #requireStateId(): string {
    if (this.#stateId !== undefined) return this.#stateId;
    throw new ConfigError("state_id is missing: there is no stored state without it");
  }
}

/**
 * Whether a transaction whose end nobody heard of was committed.
 * @throws UnavailableError while it is still under way
 */
async function wasCommitted(client: Client, transactionId: string): Promise<boolean> {
  try {
    const { rows } = await client.query<{ status: string | null }>(
      "SELECT pg_xact_status($1::xid8) AS status",
      [transactionId],
    );
    const status = rows[0]!.status;
    if (status === "in progress") throw new UnavailableError("the transaction has not ended yet");
    return status === "committed";
  } catch (error) {
    // A server that took over without having heard of it calls it a transaction of the future.
    if ((error as { code?: string }).code === "22023") return false;
    throw error;
  }
}
