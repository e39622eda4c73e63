/** What will be done with a stream, decided before its first request: fields, schema, privacy, replication. */
import {
  type CatalogEntry,
  ConfigError,
  type JsonSchema,
  type JsonValue,
  type Row,
  readMetadata,
  type SchemaMessage,
  selectFields,
} from "@bizops/singer";
import { decidePrivacy, type FieldPrivacy, type PrivacyPolicy } from "./privacy.ts";
import type { Replication, Stream } from "./stream.ts";

/** The plan of one stream. */
export interface StreamPlan {
  readonly stream: Stream;
  readonly replication: Replication;
  /** What to ask the source for. */
  readonly fields: readonly string[];
  readonly schemaMessage: SchemaMessage;
  /** Fields of the source that the catalog does not know: named in the log, not read. */
  readonly notInCatalog: readonly string[];
  /** Selected fields that the source no longer has. */
  readonly notInSource: readonly string[];
  /** Whitelists and transforms a row. Names of undeclared properties go to `onUndeclared`. */
  readonly conform: (row: Row, onUndeclared: (property: string) => void) => Row;
}

/**
 * @param entry the catalog's word on the stream; its schemas win over the source's, whose privacy classes
 *   stay in force where the catalog names none
 * @throws ConfigError from selection or privacy
 */
export function planStream(
  stream: Stream,
  entry: CatalogEntry,
  policy: PrivacyPolicy,
  pseudonymKey: string | undefined,
): StreamPlan {
  const inSource = stream.schema.properties ?? {};
  const inCatalog = entry.schema.properties ?? {};
  const replication = chooseReplication(stream, entry);
  const replicationKey = replication.method === "INCREMENTAL" ? replication.key : undefined;
  const selected = selectFields(entry);
  const readable = selected.filter(
    (field) => Object.hasOwn(inSource, field) && stream.unsupportedFields?.[field] === undefined,
  );

  const decisions = new Map(
    readable.map((field): [string, FieldPrivacy] => {
      const catalogVerb = readMetadata(entry, field).privacy;
      const privacyClass = inCatalog[field]?.["x-privacy"] ?? inSource[field]?.["x-privacy"];
      const schema: JsonSchema = {
        ...inCatalog[field],
        ...(privacyClass !== undefined && { "x-privacy": privacyClass }),
      };
      const facts = {
        stream: stream.name,
        field,
        schema,
        ...(catalogVerb !== undefined && { catalogVerb }),
        isKey: stream.key.includes(field),
        isReplicationKey: field === replicationKey,
      };
      return [field, decidePrivacy(facts, policy, pseudonymKey)];
    }),
  );
  const kept = [...decisions].filter(([, { verb }]) => verb !== "drop");
  return {
    stream,
    replication,
    fields: kept.map(([field]) => field),
    schemaMessage: {
      type: "SCHEMA",
      stream: entry.stream,
      schema: {
        ...withoutProperties(entry.schema),
        type: "object",
        properties: Object.fromEntries(kept.map(([field, { schema }]) => [field, schema])),
      },
      keyProperties: stream.key,
      ...(replicationKey !== undefined && { bookmarkProperties: [replicationKey] }),
    },
    notInCatalog: Object.keys(inSource).filter((field) => !Object.hasOwn(inCatalog, field)),
    notInSource: selected.filter((field) => !Object.hasOwn(inSource, field)),
    conform: conformBy(new Map(kept), new Set(Object.keys(inSource))),
  };
}

/** The privacy class stays in the SCHEMA message of kept fields so that the warehouse can know it. */
function withoutProperties({ properties: _, required: __, ...rest }: JsonSchema): JsonSchema {
  return rest;
}

function chooseReplication(stream: Stream, entry: CatalogEntry): Replication {
  const wanted = readMetadata(entry)["replication-method"] ?? entry.replication_method;
  if (wanted === undefined || wanted === stream.replication.method) return stream.replication;
  if (wanted === "FULL_TABLE") return { method: "FULL_TABLE" };
  throw new ConfigError(
    `${stream.name} cannot be read ${wanted}; it supports ${stream.replication.method}${stream.replication.method === "INCREMENTAL" ? " and FULL_TABLE" : ""}`,
  );
}

function conformBy(
  kept: ReadonlyMap<string, FieldPrivacy>,
  declared: ReadonlySet<string>,
): StreamPlan["conform"] {
  return (row, onUndeclared) => {
    const conformed: { [property: string]: JsonValue } = {};
    for (const property in row) {
      const field = kept.get(property);
      if (field !== undefined) {
        const value = row[property] as JsonValue;
        conformed[property] = field.transform === undefined ? value : field.transform(value);
      } else if (!declared.has(property)) onUndeclared(property);
    }
    return conformed;
  };
}
