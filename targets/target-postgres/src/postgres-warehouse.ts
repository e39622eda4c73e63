/** A PostgreSQL database as the target kit sees it. */
import { ConfigError, type Log, type SchemaMessage } from "@bizops/singer";
import type { RowRules, Segment, StreamTable, Warehouse } from "@bizops/target-kit";
import type { Client } from "pg";
import { describeServer, openConnection, translateError } from "./connection.ts";
import { loadSegment } from "./load/load-segment.ts";
import { readStoredState, writeStoredState } from "./load/stored-state.ts";
import { PostgresTable } from "./postgres-table.ts";
import { RowMemory } from "./rows/row-memory.ts";
import { toTableName } from "./schema/identifier.ts";
import { readShape } from "./schema/read-shape.ts";

type Settings = { readonly [name: string]: unknown };

/** @throws AuthError, ConfigError, UnavailableError */
export async function openWarehouse(settings: Settings, log: Log): Promise<Warehouse> {
  return new PostgresWarehouse(await openConnection(settings), settings, log);
}

class PostgresWarehouse implements Warehouse {
  readonly #client: Client;
  readonly #log: Log;
  readonly #settings: Settings;
  readonly #defaultSchema: string;
  readonly #stateId: string | undefined;
  readonly #tables = new Map<string, PostgresTable>();
  readonly #memory = new RowMemory();
  #inTransaction = false;

  constructor(client: Client, settings: Settings, log: Log) {
    this.#log = log;
    this.#client = client;
    this.#settings = settings;
    this.#defaultSchema = settings.default_target_schema as string;
    this.#stateId = settings.state_id as string | undefined;
  }

  open(message: SchemaMessage, rules?: RowRules): Promise<StreamTable> {
    return this.#translating(async () => {
      const name = toTableName(message.stream, this.#defaultSchema);
      const options = {
        defaultSchema: this.#defaultSchema,
        addRecordMetadata: this.#settings.add_record_metadata as boolean,
        keyed: this.#settings.load_method === "upsert",
        hardDelete: this.#settings.hard_delete as boolean,
      };
      const table = new PostgresTable(
        message,
        rules,
        options,
        await readShape(this.#client, name),
        this.#memory,
      );
      this.#reportDrift(message.stream, table);
      this.#tables.set(message.stream, table);
      return table;
    });
  }

  /** With a stored state, as soon as one stream appends: its rows are not to be doubled by the next run. */
  get commitsAtState(): boolean {
    if (this.#stateId === undefined) return false;
    return [...this.#tables.values()].some(({ shape }) => shape.key.length === 0);
  }

  load(segment: Segment, commit: boolean): Promise<void> {
    return this.#translating(async () => {
      const transaction = { begin: !this.#inTransaction, commit };
      await loadSegment(this.#client, segment, this.#tables, transaction, {
        defaultSchema: this.#defaultSchema,
        stateId: this.#stateId,
        hardDelete: this.#settings.hard_delete as boolean,
      });
      this.#inTransaction = !commit;
    });
  }

  readState(): Promise<string | undefined> {
    return this.#translating(() =>
      readStoredState(this.#client, this.#defaultSchema, this.#requireStateId()),
    );
  }

  writeState(text: string): Promise<void> {
    return this.#translating(() =>
      writeStoredState(this.#client, this.#defaultSchema, this.#requireStateId(), text),
    );
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** Once a stream; what it means is for people, or the mapping, to say. */
  #reportDrift(stream: string, { drift }: PostgresTable): void {
    if (this.#tables.has(stream) || drift.stopped.length === 0) return;
    this.#log.warning(`${stream}: columns that stopped arriving`, { ...drift });
  }

  #requireStateId(): string {
    if (this.#stateId !== undefined) return this.#stateId;
    throw new ConfigError("state_id is missing: there is no stored state without it");
  }

  async #translating<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw translateError(error, describeServer(this.#settings));
    }
  }
}
