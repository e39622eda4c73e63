/** The catalog: what a tap can read, and what of it was selected. */
import { ConfigError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { JsonSchema } from "./json-schema.ts";

/** How a stream is read. */
export type ReplicationMethod = "FULL_TABLE" | "INCREMENTAL" | "LOG_BASED";

/** Metadata of a stream (`breadcrumb: []`) or of a field (`["properties", NAME]`). */
export interface Metadata {
  readonly inclusion?: "available" | "automatic" | "unsupported";
  readonly selected?: boolean;
  readonly "selected-by-default"?: boolean;
  readonly "replication-method"?: ReplicationMethod;
  readonly "forced-replication-method"?: ReplicationMethod;
  readonly "replication-key"?: string;
  readonly "valid-replication-keys"?: readonly string[];
  readonly "table-key-properties"?: readonly string[];
  /** A verb of the privacy policy for this one field. */
  readonly privacy?: string;
  readonly [name: string]: unknown;
}

export interface MetadataEntry {
  readonly breadcrumb: readonly string[];
  readonly metadata: Metadata;
}

export interface CatalogEntry {
  readonly tap_stream_id: string;
  readonly stream: string;
  readonly schema: JsonSchema;
  readonly key_properties?: readonly string[];
  readonly replication_key?: string;
  readonly replication_method?: ReplicationMethod;
  /** The spelling from before metadata existed. */
  readonly selected?: boolean;
  readonly metadata: readonly MetadataEntry[];
}

export interface Catalog {
  readonly streams: readonly CatalogEntry[];
}

/**
 * Checks that a parsed file is a catalog and fills what older catalogs leave out.
 * @throws ConfigError that names the stream and what it lacks
 */
export function parseCatalog(value: JsonValue): Catalog {
  const streams = (value as JsonObject | null)?.streams;
  if (!Array.isArray(streams)) throw new ConfigError('the catalog needs an array "streams"');
  return {
    streams: streams.map((raw: JsonObject, index: number) => {
      const id = raw?.tap_stream_id ?? raw?.stream;
      if (typeof id !== "string") throw new ConfigError(`catalog stream ${index} has no name`);
      if (typeof raw.schema !== "object" || raw.schema === null) {
        throw new ConfigError(`catalog stream ${id} has no schema`);
      }
      const entry = { metadata: [], ...raw, tap_stream_id: id, stream: raw.stream ?? id };
      return entry as unknown as CatalogEntry;
    }),
  };
}

/** The metadata of a stream, or of one of its fields. */
export function readMetadata(entry: CatalogEntry, field?: string): Metadata {
  const found = entry.metadata.find(({ breadcrumb }) =>
    field === undefined
      ? breadcrumb.length === 0
      : breadcrumb.length === 2 && breadcrumb[0] === "properties" && breadcrumb[1] === field,
  );
  return found?.metadata ?? {};
}

/** Whether the stream is to be read: `selected` where present, else `selected-by-default`. */
export function isStreamSelected(entry: CatalogEntry): boolean {
  const metadata = readMetadata(entry);
  if (metadata.inclusion === "unsupported") return false;
  const legacy = entry.selected ?? (entry.schema.selected as boolean | undefined);
  return metadata.selected ?? legacy ?? metadata["selected-by-default"] ?? false;
}

/**
 * The names of the selected fields, in the schema's order. Precedence for a field: unsupported never,
 * automatic (keys, replication keys) always, else `selected`, else `selected-by-default`, else no.
 */
export function selectFields(entry: CatalogEntry): string[] {
  const automatic = new Set([
    ...(readMetadata(entry)["table-key-properties"] ?? entry.key_properties ?? []),
    ...(replicationKeyOf(entry) ?? []),
  ]);
  const byField = new Map(
    entry.metadata
      .filter(({ breadcrumb }) => breadcrumb.length === 2)
      .map(({ breadcrumb, metadata }) => [breadcrumb[1], metadata]),
  );
  return Object.entries(entry.schema.properties ?? {})
    .filter(([name, schema]) => {
      const metadata = byField.get(name) ?? {};
      if (metadata.inclusion === "unsupported") return false;
      if (metadata.inclusion === "automatic" || automatic.has(name)) return true;
      const legacy = schema.selected as boolean | undefined;
      return metadata.selected ?? legacy ?? metadata["selected-by-default"] ?? false;
    })
    .map(([name]) => name);
}

function replicationKeyOf(entry: CatalogEntry): readonly string[] | undefined {
  const key = readMetadata(entry)["replication-key"] ?? entry.replication_key;
  return key === undefined ? undefined : [key];
}
