/** One stream's table: its wanted shape, how rows are collected for it, and its changes. */
import type { JsonSchema, SchemaMessage } from "@bizops/singer";
import { ContractError } from "@bizops/singer";
import type { StreamTable } from "@bizops/target-kit";
import { ownTables } from "./load/own-tables.ts";
import {
  type CollectedColumn,
  type CollectorPlan,
  EncodingCollector,
} from "./load/row-collector.ts";
import { columnType } from "./schema/column-type.ts";
import { toIdentifier } from "./schema/identifier.ts";
import { type Change, type Found, planChanges, widenTo } from "./schema/plan-changes.ts";
import {
  metadataColumns,
  type ShapeOptions,
  type TableShape,
  tableShape,
} from "./schema/table-shape.ts";

/** Columns of the table that the stream has no longer, and the other way round: a renamed field is one of each. */
export interface ColumnDrift {
  readonly stopped: readonly string[];
  readonly added: readonly string[];
}

/** A stream under one SCHEMA, bound to the table as it was found. */
export class PostgresTable implements StreamTable {
  readonly #shape: TableShape;
  readonly #columns: readonly CollectedColumn[];
  readonly #plan: CollectorPlan;
  /** How the stream's columns differ from those found. */
  readonly drift: ColumnDrift;
  #found: Found;

  /** @throws ContractError if the table found has another key */
  constructor(message: SchemaMessage, options: ShapeOptions, found: Found) {
    this.#found = found;
    this.#shape = widenTo(tableShape(message, options), found.table);
    this.drift = compareColumns(this.#shape, found);
    checkName(message.stream, this.#shape, options);
    checkWidth(message.stream, this.#shape);
    checkKey(message, this.#shape, found);
    const properties = message.schema.properties ?? {};
    const mayBeText = new Set(
      Object.keys(properties)
        .filter((property) => isDateTimeOrText(properties[property]!))
        .map(toIdentifier),
    );
    this.#columns = this.#shape.columns.map(({ name, type }) => ({
      name,
      type,
      mayBeText: mayBeText.has(name),
    }));
    this.#plan = this.#planCollecting(message, options);
  }

  /** The shape with each column as wide as the rows collected so far need. */
  get shape(): TableShape {
    return { ...this.#shape, columns: this.#columns.map(({ name, type }) => ({ name, type })) };
  }

  /** What must change before rows of this shape fit. */
  changesTo(shape: TableShape): Change[] {
    return planChanges(this.#found, shape);
  }

  /** Takes note of what the table is like now. */
  refresh(found: Found): void {
    this.#found = found;
  }

  collect(): CollectedRows {
    return new CollectedRows(this, this.#plan);
  }

  #planCollecting({ schema, keyProperties }: SchemaMessage, options: ShapeOptions): CollectorPlan {
    const indexes = new Map(this.#columns.map(({ name }, index) => [name, index]));
    const declared = Object.keys(schema.properties ?? {});
    const filled = options.addRecordMetadata
      ? metadataColumns.filter(({ name }) => !declared.includes(name))
      : [];
    return {
      columns: this.#columns,
      properties: new Map(declared.map((name) => [name, indexes.get(toIdentifier(name))!])),
      key: options.keyed
        ? keyProperties.map((property) => indexes.get(toIdentifier(property))!)
        : [],
      required: keyProperties,
      metadata: new Map(filled.map(({ name }) => [name, indexes.get(name)!])),
    };
  }
}

/** Collected rows that know their table. */
export class CollectedRows extends EncodingCollector {
  readonly table: PostgresTable;
  constructor(table: PostgresTable, plan: CollectorPlan) {
    super(plan);
    this.table = table;
  }
}

function compareColumns(shape: TableShape, { table }: Found): ColumnDrift {
  const ofSource = (name: string) => !name.startsWith("_sdc_");
  const before = table?.columns.map(({ name }) => name).filter(ofSource) ?? [];
  const now = shape.columns.map(({ name }) => name).filter(ofSource);
  return {
    stopped: before.filter((name) => !now.includes(name)),
    added: now.filter((name) => !before.includes(name)),
  };
}

/** The target keeps rejected rows and stored states beside the data. */
function checkName(stream: string, { schema, table }: TableShape, options: ShapeOptions): void {
  if (schema !== options.defaultSchema || !ownTables.has(table)) return;
  throw new ContractError(
    `${stream}: the table name ${table} is kept for the target's own; load the stream into another schema`,
  );
}

/** PostgreSQL's limit on the columns of a table. */
const mostColumns = 1600;

function checkWidth(stream: string, { columns }: TableShape): void {
  if (columns.length <= mostColumns) return;
  throw new ContractError(
    `${stream} has ${columns.length} columns, PostgreSQL holds ${mostColumns}; deselect some`,
  );
}

function checkKey(message: SchemaMessage, shape: TableShape, { table }: Found): void {
  const { stream, keyProperties, schema } = message;
  const missing = keyProperties.filter(
    (property) => !Object.hasOwn(schema.properties ?? {}, property),
  );
  if (missing.length > 0) {
    throw new ContractError(
      `SCHEMA of ${stream}: key property ${missing.join(", ")} is not in its schema`,
    );
  }
  if (table === undefined || table.key.length === 0) return;
  const same =
    table.key.length === shape.key.length && shape.key.every((name) => table.key.includes(name));
  if (!same) {
    const wanted = shape.key.length === 0 ? "none" : shape.key.join(", ");
    throw new ContractError(
      `${stream}: table ${shape.schema}.${shape.table} has primary key ${table.key.join(", ")}, the stream needs ${wanted}; rename the table or load into another schema`,
    );
  }
}

function isDateTimeOrText(schema: JsonSchema): boolean {
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const types = branches.map(columnType);
  return types.includes("timestamptz") && types.includes("text");
}
