/** Rows of other generations than the active one are gone from the source. */
import type { ClientBase } from "pg";
import { qualify } from "../schema/render-ddl.ts";

/**
 * Deletes them, or marks them deleted. Needs the metadata columns.
 * @param hard delete instead of mark
 */
export async function activateVersion(
  client: ClientBase,
  table: { readonly schema: string; readonly table: string },
  version: number,
  hard: boolean,
): Promise<void> {
  const others = `"_sdc_table_version" IS DISTINCT FROM $1`;
  const statement = hard
    ? `DELETE FROM ${qualify(table)} WHERE ${others}`
    : `UPDATE ${qualify(table)} SET "_sdc_deleted_at" = now() WHERE ${others} AND "_sdc_deleted_at" IS NULL`;
  await client.query(statement, [version]);
}
