/** Streams of a source -> the catalog that `--discover` prints. */
import type { Catalog, CatalogEntry, Metadata, MetadataEntry } from "@bizops/singer";
import type { Stream } from "./stream.ts";

/** The catalog of these streams: everything that can be read, with what is selected by default. */
export function toCatalog(streams: readonly Stream[]): Catalog {
  return { streams: streams.map(toEntry) };
}

function toEntry(stream: Stream): CatalogEntry {
  const { replication } = stream;
  const replicationKeys = replication.method === "INCREMENTAL" ? [replication.key] : [];
  const streamMetadata: Metadata = {
    inclusion: "available",
    "selected-by-default": stream.selectedByDefault ?? false,
    "table-key-properties": stream.key,
    ...(replication.method === "INCREMENTAL"
      ? { "replication-key": replication.key, "valid-replication-keys": replicationKeys }
      : { "forced-replication-method": replication.method }),
  };
  const automatic = new Set([...stream.key, ...replicationKeys]);
  const unselected = new Set(stream.unselectedFields ?? []);
  const fields = Object.keys(stream.schema.properties ?? {}).map((field): MetadataEntry => {
    const reason = stream.unsupportedFields?.[field];
    return {
      breadcrumb: ["properties", field],
      metadata: {
        ...(reason === undefined
          ? { inclusion: automatic.has(field) ? "automatic" : "available" }
          : { inclusion: "unsupported", "unsupported-description": reason }),
        "selected-by-default": reason === undefined && !unselected.has(field),
      },
    };
  });
  return {
    tap_stream_id: stream.name,
    stream: stream.name,
    schema: stream.schema,
    key_properties: stream.key,
    metadata: [{ breadcrumb: [], metadata: streamMetadata }, ...fields],
  };
}
