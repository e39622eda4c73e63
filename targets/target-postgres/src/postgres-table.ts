/** One stream's table: its wanted shape, how rows are collected for it, and its changes. */
import type { SchemaMessage } from "@bizops/singer";
import { ContractError } from "@bizops/singer";
import type { RowRules, StreamTable } from "@bizops/target-kit";
import { Destination } from "./load/merge-sql.ts";
import { ownTables } from "./load/own-tables.ts";
import type { RowMemory } from "./rows/row-memory.ts";
import { type PlannedColumn, RowPlan } from "./rows/row-plan.ts";
import { TupleCollector } from "./rows/tuple-collector.ts";
import { isDateTimeOrText } from "./schema/column-type.ts";
import { toIdentifier } from "./schema/identifier.ts";
import { type Change, type Found, planChanges, widenTo } from "./schema/plan-changes.ts";
import { temporarySchema } from "./schema/read-shape.ts";
import { type ShapeOptions, type TableShape, tableShape } from "./schema/table-shape.ts";

/** What decides a table beside its SCHEMA. */
export interface TableOptions extends ShapeOptions {
  /** Whether a row that came with `_sdc_deleted_at` is deleted instead of marked. */
  readonly hardDelete: boolean;
  /** Whether rows are gathered in a temporary table, to replace the table's at the end. */
  readonly overwrite: boolean;
}

/** Columns of the table that the stream has no longer, and the other way round: a renamed field is one of each. */
export interface ColumnDrift {
  readonly stopped: readonly string[];
  readonly added: readonly string[];
}

/** A stream under one SCHEMA, bound to the table as it was found. */
export class PostgresTable implements StreamTable {
  readonly #shape: TableShape;
  readonly #plan: RowPlan;
  readonly #deletes: boolean;
  readonly #memory: RowMemory;
  /** The table people know; rows to overwrite it go elsewhere first. */
  readonly target: { readonly schema: string; readonly table: string };
  /** How the stream's columns differ from those found. */
  readonly drift: ColumnDrift;
  /** Whether the table had no rows when this run began, and no key has come again since; undefined: not yet known. */
  mayBeEmpty: boolean | undefined;
  /** Whether a key has come twice within one segment. */
  keysComeTwice = false;
  #found: Found;

  /**
   * @param rules what rows must keep to, for the quick way
   * @param memory for collected rows
   * @throws ContractError if the table found has another key
   */
  constructor(
    message: SchemaMessage,
    rules: RowRules | undefined,
    options: TableOptions,
    found: Found,
    memory: RowMemory,
  ) {
    this.#found = found;
    this.#memory = memory;
    const declared = tableShape(message, options);
    this.drift = compareColumns(declared, found);
    checkName(message.stream, declared, options);
    checkColumns(message.stream, declared);
    checkKey(message, declared, found);
    this.target = { schema: declared.schema, table: declared.table };
    if (options.overwrite) {
      this.#shape = {
        ...declared,
        schema: temporarySchema,
        table: toIdentifier(message.stream),
      };
      this.#found = { schemaExists: true, table: undefined };
    } else this.#shape = widenTo(declared, found.table);
    this.#deletes =
      options.hardDelete && Object.hasOwn(message.schema.properties ?? {}, "_sdc_deleted_at");
    this.#plan = planRows(message, rules, declared, this.#shape, options);
  }

  /** The shape with each column as wide as the rows collected so far need. */
  get shape(): TableShape {
    return {
      ...this.#shape,
      columns: this.#plan.columns.map(({ name, type }) => ({ name, type })),
    };
  }

  /** Whether rows know their generation, so that others can be told to be gone. */
  get hasVersions(): boolean {
    const names = this.#shape.columns.map(({ name }) => name);
    return names.includes("_sdc_table_version") && names.includes("_sdc_deleted_at");
  }

  /** Whether the table was there when last looked at. */
  get exists(): boolean {
    return this.#found.table !== undefined;
  }

  /** Where rows are loaded, as last found. */
  get destination(): Destination {
    const { table } = this.#found;
    if (table === undefined) throw new TypeError("rows for a table that has not been made");
    return new Destination(this.shape, table, this.#deletes);
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
    return new CollectedRows(this, this.#plan, this.#memory);
  }
}

/** Collected rows that know their table. */
export class CollectedRows extends TupleCollector {
  readonly table: PostgresTable;
  constructor(table: PostgresTable, plan: RowPlan, memory: RowMemory) {
    super(plan, memory);
    this.table = table;
  }
}

/** How the stream's rows become rows of the table. */
function planRows(
  { schema, keyProperties }: SchemaMessage,
  rules: RowRules | undefined,
  declared: TableShape,
  shape: TableShape,
  options: ShapeOptions,
): RowPlan {
  const properties = new Map(
    Object.keys(schema.properties ?? {}).map((property) => [toIdentifier(property), property]),
  );
  const columns = shape.columns.map(({ name, type }, index): PlannedColumn => {
    const property = properties.get(name);
    return {
      name,
      property,
      type,
      declared: declared.columns[index]!.type,
      isKey: options.keyed && property !== undefined && keyProperties.includes(property),
      mayBeText: property !== undefined && isDateTimeOrText(schema.properties![property]!, schema),
    };
  });
  const indexes = new Map(columns.map(({ name }, index) => [name, index]));
  return new RowPlan(columns, {
    key: shape.key.map((name) => indexes.get(name)!),
    keyProperties,
    rules,
  });
}

function compareColumns(shape: TableShape, { table }: Found): ColumnDrift {
  if (table === undefined) return { stopped: [], added: [] };
  const ofSource = (name: string) => !name.startsWith("_sdc_");
  const before = table.columns.map(({ name }) => name).filter(ofSource);
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

function checkColumns(stream: string, { columns }: TableShape): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new ContractError(`${stream}: two properties would be the column ${twice}; deselect one`);
  }
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
