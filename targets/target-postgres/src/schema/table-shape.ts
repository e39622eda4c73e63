/** SCHEMA message -> the table it asks for. */
import type { SchemaMessage } from "@bizops/singer";
import { type ColumnType, columnType } from "./column-type.ts";
import { toIdentifier, toTableName } from "./identifier.ts";

/** A column. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table as wanted or as found. */
export interface TableShape {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** Names of the primary key's columns; empty: none. */
  readonly key: readonly string[];
}

/** The columns that say where a row comes from, by the SDK's names. */
export const metadataColumns: readonly Column[] = [
  { name: "_sdc_extracted_at", type: "timestamptz" },
  { name: "_sdc_received_at", type: "timestamptz" },
  { name: "_sdc_batched_at", type: "timestamptz" },
  { name: "_sdc_deleted_at", type: "timestamptz" },
  { name: "_sdc_sequence", type: "bigint" },
  { name: "_sdc_table_version", type: "bigint" },
];

/** What decides a table's shape beside its SCHEMA. */
export interface ShapeOptions {
  readonly defaultSchema: string;
  readonly addRecordMetadata: boolean;
  /** False for append-only loading: rows of the same key stand side by side. */
  readonly keyed: boolean;
}

/** The table a SCHEMA asks for. A property of a metadata column's name takes that column's place. */
export function tableShape(message: SchemaMessage, options: ShapeOptions): TableShape {
  const columns = Object.entries(message.schema.properties ?? {}).map(([property, schema]) => ({
    name: toIdentifier(property),
    type: columnType(schema, message.schema),
  }));
  const taken = new Set(columns.map(({ name }) => name));
  const metadata = options.addRecordMetadata
    ? metadataColumns.filter(({ name }) => !taken.has(name))
    : [];
  return {
    ...toTableName(message.stream, options.defaultSchema),
    columns: [...columns, ...metadata],
    key: options.keyed ? [...new Set(message.keyProperties.map(toIdentifier))] : [],
  };
}
