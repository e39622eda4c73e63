/** What a target kit needs of a warehouse: collect rows at once, load a segment in one transaction. */
import type { About, SettingsSchema } from "@bizops/connector-kit";
import type { JsonValue, Log, Row, SchemaMessage } from "@bizops/singer";
import type { RowRules } from "./row-rules.ts";

export type { PropertyRules, RowRules } from "./row-rules.ts";

/** What comes with a row beside its properties. */
export interface RowContext {
  /** RFC 3339, from the RECORD. */
  readonly timeExtracted?: string | undefined;
  /** The table generation, from the RECORD. */
  readonly version?: number | undefined;
  /** When the target read it. */
  readonly received: Date;
  /** Grows with every row of the run. */
  readonly sequence: number;
}

/** A row a table cannot take, or that breaks its schema. The reason never holds a value. */
export class RejectedRow extends Error {}

/**
 * The quick way of a row into a collector: from its JSON text, without parsing it into values first. A reader
 * takes only what it fully understands; every other row is parsed and added.
 */
export interface RowReader {
  /**
   * Reads the JSON object that begins at `start`. Nothing is collected before `keep`.
   * @returns the position behind its closing brace, or -1 if the row must be parsed and added
   */
  read(json: Buffer, start: number, end: number): number;
  /** Collects the row just read; false if it must be parsed and added all the same. */
  keep(context: RowContext): boolean;
}

/** The rows of one stream within one segment, already in the warehouse's own form. */
export interface RowCollector {
  /** @throws RejectedRow if the table cannot hold the row */
  add(row: Row, context: RowContext): void;
  /** If the warehouse has one, and the stream's schema lets rows be judged by it. */
  readonly reader?: RowReader | undefined;
  /** Takes over the rows of a collector of the same table that was filled after this one. */
  absorb(later: RowCollector): void;
  /** Rows held. */
  readonly size: number;
}

/** A stream under one SCHEMA. */
export interface StreamTable {
  /** A fresh collector; each segment has its own. */
  collect(): RowCollector;
}

/** A row kept aside with the reason. */
export interface Rejection {
  readonly stream: string;
  readonly reason: string;
  readonly record: Row;
}

/** A generation of a table to be made the only one. */
export interface Activation {
  readonly stream: string;
  readonly version: number;
}

/**
 * A stretch of the input, loaded whole or not at all. Segments are cut one after the other, so a segment
 * in the warehouse means everything before it is there too: its STATE covers all that precedes it.
 */
export interface Segment {
  readonly rows: ReadonlyMap<string, RowCollector>;
  readonly rejections: readonly Rejection[];
  readonly activations: readonly Activation[];
  /** The last STATE read within the segment. */
  readonly state?: JsonValue;
}

/**
 * When rows may be committed: as soon as enough have come; only together with a STATE that covers them, since
 * running again would double them; or all at once at the end of a whole input, since they replace what was there.
 */
export type CommitPoint = "when-full" | "at-state" | "at-end";

/** An open warehouse. */
export interface Warehouse {
  /**
   * Prepares for a stream's rows; called again when its SCHEMA changes.
   * @param rules what a row read from its bytes must keep to; undefined: rows must be parsed and checked whole
   * @throws ContractError if the schema cannot be a table
   */
  open(message: SchemaMessage, rules?: RowRules): Promise<StreamTable>;
  /** Opening a stream can turn `when-full` into `at-state`, nothing turns it back. */
  readonly commits: CommitPoint;
  /**
   * Loads a segment in one transaction. May be called again before it has ended, for the next segment: that one
   * ends after this one, and fails if this one does.
   * @param commit false: readers do not see the rows before a later segment is committed; `close` takes them back
   * @throws AuthError, UnavailableError, ContractError
   */
  load(segment: Segment, commit: boolean): Promise<void>;
  /** The state kept under `state_id`, as JSON text. */
  readState(): Promise<string | undefined>;
  /** Replaces the state kept under `state_id`. */
  writeState(text: string): Promise<void>;
  close(): Promise<void>;
}

/** How much is gathered before it is loaded. */
export interface BatchLimits {
  readonly rows: number;
  /** Bytes of input text. */
  readonly bytes: number;
  /** Seconds after which even a small segment is loaded, so that a slow tap also checkpoints. */
  readonly waitSeconds: number;
}

/** A target is this value; `runTarget` makes a program of it. */
export interface Target {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly capabilities: About["capabilities"];
  /** The target's own settings; the kit adds those every target has. */
  readonly settings: SettingsSchema;
  /** @throws ConfigError, AuthError, UnavailableError */
  connect(context: {
    readonly settings: { readonly [name: string]: JsonValue };
    readonly log: Log;
  }): Promise<Warehouse>;
}
