/** Views that read a column: PostgreSQL widens no column under a view, so they step aside and come back. */
import type { ClientBase } from "pg";
import { qualify, quote, quoteText } from "./render-ddl.ts";

/** All of a view that has to be made again with it. */
export interface DependentView {
  readonly schema: string;
  readonly table: string;
  readonly materialized: boolean;
  /** The query, as `pg_get_viewdef` gives it. */
  readonly definition: string;
  readonly owner: string;
  /** `security_barrier=true`, ... */
  readonly options: readonly string[];
  readonly grants: readonly {
    readonly grantee: string;
    readonly privilege: string;
    readonly grantable: boolean;
  }[];
  /** Of the view (`column` null) and of its columns. */
  readonly comments: readonly { readonly column: string | null; readonly text: string }[];
  /** `CREATE INDEX` of a materialized view. */
  readonly indexes: readonly string[];
}

/** The views that read one of these columns, and the views upon those, in an order in which they can be made. */
export async function readDependentViews(
  client: ClientBase,
  { schema, table }: { readonly schema: string; readonly table: string },
  columns: readonly string[],
): Promise<DependentView[]> {
  const { rows } = await client.query<DependentView>(
    `WITH RECURSIVE readers AS (
       SELECT r.ev_class AS view, 1 AS depth
         FROM pg_attribute a
         JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid
                         AND d.refobjsubid = a.attnum AND d.classid = 'pg_rewrite'::regclass
         JOIN pg_rewrite r ON r.oid = d.objid
        WHERE a.attrelid = $1::regclass AND a.attname = ANY ($2)
       UNION
       SELECT r.ev_class, readers.depth + 1
         FROM readers
         JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = readers.view
                         AND d.classid = 'pg_rewrite'::regclass
         JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> readers.view
     ), ordered AS (
       SELECT view, max(depth) AS depth FROM readers GROUP BY view
     )
     SELECT n.nspname AS schema, c.relname AS table, c.relkind = 'm' AS materialized,
            pg_get_viewdef(c.oid) AS definition, pg_get_userbyid(c.relowner) AS owner,
            coalesce(to_json(c.reloptions), '[]') AS options,
            coalesce((SELECT json_agg(json_build_object(
                        'grantee', CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee) END,
                        'privilege', acl.privilege_type, 'grantable', acl.is_grantable))
                        FROM aclexplode(c.relacl) acl WHERE acl.grantee <> c.relowner), '[]') AS grants,
            coalesce((SELECT json_agg(json_build_object('column', a.attname, 'text', s.description))
                        FROM pg_description s
                        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.objsubid AND s.objsubid > 0
                       WHERE s.classoid = 'pg_class'::regclass AND s.objoid = c.oid), '[]') AS comments,
            coalesce((SELECT json_agg(pg_get_indexdef(i.indexrelid)) FROM pg_index i
                       WHERE i.indrelid = c.oid), '[]') AS indexes
       FROM ordered
       JOIN pg_class c ON c.oid = ordered.view
       JOIN pg_namespace n ON n.oid = c.relnamespace
      ORDER BY ordered.depth`,
    [qualify({ schema, table }), columns],
  );
  return rows;
}

/** The statement that takes a view away; without CASCADE, so nothing unknown goes with it. */
export function renderDropView(view: DependentView): string {
  return `DROP ${kindOf(view)} ${qualify(view)}`;
}

/** The statements that make it again as it was. */
export function renderCreateView(view: DependentView): string[] {
  const name = qualify(view);
  const kind = kindOf(view);
  const options = view.options.length === 0 ? "" : ` WITH (${view.options.join(", ")})`;
  return [
    `CREATE ${kind} ${name}${options} AS ${view.definition}`,
    ...view.indexes,
    ...view.comments.map(({ column, text }) => {
      const on = column === null ? `${kind} ${name}` : `COLUMN ${name}.${quote(column)}`;
      return `COMMENT ON ${on} IS ${quoteText(text)}`;
    }),
    ...view.grants.map(({ grantee, privilege, grantable }) => {
      const to = grantee === "PUBLIC" ? grantee : quote(grantee);
      return `GRANT ${privilege} ON ${name} TO ${to}${grantable ? " WITH GRANT OPTION" : ""}`;
    }),
    `ALTER ${kind} ${name} OWNER TO ${quote(view.owner)}`,
  ];
}

function kindOf({ materialized }: DependentView): string {
  return materialized ? "MATERIALIZED VIEW" : "VIEW";
}
