/** An object of the vendor: its fields, and where in the world its rows are. */
import type { Table } from "../world/table.ts";
import type { World } from "../world/world.ts";
import type { Field } from "./field.ts";

export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly queryable: boolean;
  /** A message where the vendor lists the object as queryable but refuses to query it as a whole. */
  readonly restriction: string | null;
  /** Whether the Bulk API takes queries about it. */
  readonly inBulk: boolean;
  readonly fields: readonly Field[];
  /** The field that holds a table's time of change; null where rows have none. */
  readonly changeField: "SystemModstamp" | "CreatedDate" | null;
  table(world: World): Table<unknown>;
  /** Whether `query` hides a row as archived. */
  isArchived(world: World, key: number): boolean;
  /** A field by its name, whatever the case. */
  field(name: string): Field | undefined;
}

interface Definition<Row> {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly queryable?: boolean;
  readonly restriction?: string;
  readonly inBulk?: boolean;
  readonly fields: readonly Field<Row>[];
  readonly changeField?: SObject["changeField"];
  table(world: World): Table<Row>;
  isArchived?(world: World, key: number): boolean;
}

export function defineObject<Row>(definition: Definition<Row>): SObject {
  const byName = new Map<string, Field>();
  for (const field of definition.fields) byName.set(field.name.toLowerCase(), field as Field);
  return {
    queryable: true,
    restriction: null,
    inBulk: true,
    changeField: "SystemModstamp",
    isArchived: () => false,
    ...definition,
    fields: definition.fields as readonly Field[],
    field: (name) => byName.get(name.toLowerCase()),
  };
}
