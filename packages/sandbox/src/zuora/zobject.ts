/** An object of Zuora: fields and joins as data, and where in the world its rows are. */
import type { Table } from "../world/table.ts";
import type { World } from "../world/world.ts";

export type ZType = "text" | "picklist" | "boolean" | "integer" | "decimal" | "date" | "datetime";

/** Dates and date-times are milliseconds since 1970, decimals are text. */
export type ZValue = string | number | boolean | null;

export interface ZField<Row = unknown> {
  readonly name: string;
  readonly label: string;
  readonly type: ZType;
  readonly required: boolean;
  /** Described as exportable or not. */
  readonly exported: boolean;
  /** Who refuses it though it is described as exportable: nobody, exports by the REST API, or AQuA too. */
  readonly refused: "never" | "by exports" | "always";
  // A method, so that a field of one kind of row may stand among fields of any.
  read(row: Row): ZValue;
}

/** Another object that an export can join; of its fields only the id is served. */
export interface ZJoin<Row = unknown> {
  /** As written before the dot: `BillToContact`. */
  readonly name: string;
  readonly label: string;
  read(row: Row): string | null;
}

export interface ZObject {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly ZField[];
  readonly joins: readonly ZJoin[];
  /** The field with the time of change; null where rows have none. */
  readonly changeField: string | null;
  /** Whether AQuA tells of deleted rows. */
  readonly tellsDeleted: boolean;
  table(world: World): Table<unknown>;
}

interface Definition<Row> {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly ZField<Row>[];
  readonly joins?: readonly ZJoin<Row>[];
  readonly changeField?: string | null;
  readonly tellsDeleted?: boolean;
  table(world: World): Table<Row>;
}

export function defineZObject<Row>(definition: Definition<Row>): ZObject {
  return {
    changeField: "UpdatedDate",
    tellsDeleted: true,
    ...definition,
    fields: definition.fields as readonly ZField[],
    joins: (definition.joins ?? []) as readonly ZJoin[],
  };
}

type Read<Row> = (row: Row) => ZValue;
type Shape = Partial<Pick<ZField, "required" | "exported" | "refused">>;

function typed(type: ZType) {
  return <Row>(name: string, read: Read<Row>, shape: Shape = {}): ZField<Row> => ({
    name,
    label: name.replace(/__c$/, "").replace(/([a-z])([A-Z])/g, "$1 $2"),
    type,
    required: false,
    exported: true,
    refused: "never",
    ...shape,
    read,
  });
}

export const text = typed("text");
export const picklist = typed("picklist");
export const flag = typed("boolean");
export const integer = typed("integer");
export const decimal = typed("decimal");
export const date = typed("date");
export const datetime = typed("datetime");

export function join<Row>(name: string, read: (row: Row) => string | null): ZJoin<Row> {
  return { name, label: name.replace(/([a-z])([A-Z])/g, "$1 $2"), read };
}

interface Audited {
  readonly createdAt: number;
  readonly changedAt: number;
}

/** Who made and changed a row, and when. */
export function auditFields<Row extends Audited>(): ZField<Row>[] {
  const id = `2c92c0f84b070010${"0".repeat(16)}`;
  return [
    text("CreatedById", () => id, { required: true }),
    datetime("CreatedDate", (row) => row.createdAt, { required: true }),
    text("UpdatedById", () => id, { required: true }),
    datetime("UpdatedDate", (row) => row.changedAt, { required: true }),
  ];
}
