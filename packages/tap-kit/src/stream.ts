/** The one interface every source meets: a stream is a value with one method that yields pages. */

import type { SettingsSchema } from "@bizops/connector-kit";
import type { Bookmark, JsonSchema, JsonValue, Log, Row } from "@bizops/singer";

/** How a stream is read: whole each time, or from where the last run ended. */
export type Replication =
  | { readonly method: "FULL_TABLE" }
  | {
      readonly method: "INCREMENTAL";
      /** The property that grows whenever a row changes. */
      readonly key: string;
    };

/** A slice of a stream. */
export interface Page {
  readonly records: readonly Row[];
  /**
   * A run that starts from it misses nothing: written as STATE behind the page at once. A stream whose pages do
   * not come in the order of its replication key moves that key only at its end.
   */
  readonly bookmark?: Bookmark;
}

/** What one reading of a stream is given. */
export interface ReadRun {
  /** The selected properties; nothing else leaves the tap, so nothing else need be asked for. */
  readonly fields: readonly string[];
  readonly replication: Replication;
  /** Where the last run ended, if there was one. */
  readonly bookmark?: Bookmark;
  /** RFC 3339, inclusive: nothing older is wanted on a first run. */
  readonly startDate?: string;
  /** RFC 3339, exclusive: nothing from there on is wanted. */
  readonly endDate?: string;
  /** `--test` asks for one record; a source that can ask for less should. */
  readonly limit?: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A table-like thing of a source. */
export interface Stream {
  readonly name: string;
  /** Every property that can be read, with `x-privacy` where it holds personal data. */
  readonly schema: JsonSchema;
  /** The primary key; empty means append only. */
  readonly key: readonly string[];
  readonly replication: Replication;
  /** Read when there is no catalog. Default: no. */
  readonly selectedByDefault?: boolean;
  /** Properties not read unless a catalog selects them. */
  readonly unselectedFields?: readonly string[];
  /** Properties that cannot be read, each with the reason. */
  readonly unsupportedFields?: { readonly [field: string]: string };
  /** @throws SingerError; any other error counts as a bug */
  read(run: ReadRun): AsyncIterable<Page>;
}

/** Which streams a caller needs; a source that can save requests by skipping the others should. */
export type Wanted = "all" | "selected-by-default" | ReadonlySet<string>;

/** A connection to a source. */
export interface Source {
  /** The streams of the source as they are now; more than were wanted do no harm. */
  discover(wanted: Wanted): Promise<readonly Stream[]>;
}

/** What `connect` is given. */
export interface TapContext {
  /** The tap's settings, validated, defaults filled in. */
  readonly settings: { readonly [name: string]: JsonValue };
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A tap is this value; `runTap` makes a program of it. */
export interface Tap {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The vendor's documentation. */
  readonly doc: string;
  /** The tap's own settings; the kit adds those every tap has. */
  readonly settings: SettingsSchema;
  /** @throws AuthError, ConfigError, UnavailableError */
  connect(context: TapContext): Promise<Source>;
}
