/** What everything is compared with: psql's \copy of CSV into a typed table with its primary key. */
import { measurePrograms } from "./measure-programs.mjs";

/** A loader has a name, a schema that is its own, and `load(rows, "insert" | "upsert")`. */
export function psqlCopy({ sql, psqlEnvironment }) {
  const schema = "raw";
  return {
    name: "psql \\copy",
    schema,
    prepare: ({ name, columns }) => {
      const definitions = columns.map(([column, type]) => `${column} ${type}`).join(", ");
      sql(
        `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.${name} (${definitions}, PRIMARY KEY (id))`,
      );
    },
    load: ({ shape, csv }) => {
      const copy = `\\copy ${schema}.${shape.name} FROM '${csv}' (FORMAT csv, HEADER)`;
      return measurePrograms([["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", copy]], {
        environment: psqlEnvironment,
      });
    },
  };
}
