/** Fields that nearly every object ends with: who made and changed a row, and when. */
import type { Field } from "../field.ts";
import { datetime, flag, lookup } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";

interface Audited {
  readonly createdAt: number;
  readonly changedAt: number;
}

/** The user an integration runs as; changes nobody in particular made are its own. */
const SYSTEM_USER = recordId(PREFIX.User, 0);

export function isDeleted<Row extends { readonly isDeleted: boolean }>(): Field<Row> {
  return flag("IsDeleted", "Deleted", (row) => row.isDeleted);
}

export function auditFields<Row extends Audited>(
  createdBy: (row: Row) => number = () => 0,
): Field<Row>[] {
  const by = { nillable: false };
  return [
    datetime("CreatedDate", "Created Date", (row) => row.createdAt, by),
    lookup("CreatedById", "Created By ID", "User", (row) => userId(createdBy(row)), by),
    datetime("LastModifiedDate", "Last Modified Date", (row) => row.changedAt, by),
    lookup("LastModifiedById", "Last Modified By ID", "User", () => SYSTEM_USER, by),
    datetime("SystemModstamp", "System Modstamp", (row) => row.changedAt, by),
  ];
}

export function userId(key: number): string {
  return recordId(PREFIX.User, key);
}
