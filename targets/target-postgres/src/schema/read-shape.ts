/** The database's own catalog -> what of a table exists. */
import type { ClientBase } from "pg";
import { parseColumnType } from "./column-type.ts";
import type { Found } from "./plan-changes.ts";

/** The schema of a session's own temporary tables, whatever its real name. */
export const temporarySchema = "pg_temp";

/** Reads what exists of a table and its schema. */
export async function readShape(
  client: ClientBase,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<Found> {
  const { rows } = await client.query<{
    name: string | null;
    type: string | null;
    key_position: number | null;
    has_merge: boolean;
  }>(
    `SELECT a.attname AS name,
            format_type(a.atttypid, a.atttypmod) AS type,
            array_position(k.conkey, a.attnum) AS key_position,
            current_setting('server_version_num')::int >= 150000 AS has_merge
       FROM pg_namespace n
       LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind IN ('r', 'p')
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
      WHERE CASE $1 WHEN '${temporarySchema}' THEN n.oid = pg_my_temp_schema() ELSE n.nspname = $1 END
      ORDER BY a.attnum`,
    [schema, table],
  );
  const columns = rows.flatMap(({ name, type }) =>
    name === null || type === null
      ? []
      : [{ name, type: parseColumnType(type), postgresType: type }],
  );
  if (columns.length === 0) {
    return { schemaExists: rows.length > 0 || schema === temporarySchema, table: undefined };
  }
  const key = rows
    .filter(({ key_position }) => key_position !== null)
    .sort((a, b) => a.key_position! - b.key_position!)
    .map(({ name }) => name!);
  return { schemaExists: true, table: { columns, key, hasMerge: rows[0]!.has_merge } };
}
