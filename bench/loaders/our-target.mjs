/** Our target-postgres with its defaults, validation on. */
import { commandPath } from "./command-path.mjs";
import { measurePrograms } from "./measure-programs.mjs";

/** @param metadata whether it adds the `_sdc_` columns, which \copy does not have to write */
export function ourTarget(database, { metadata }) {
  const schema = "ours";
  const environment = {
    ...database.environment,
    TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA: schema,
    TARGET_POSTGRES_ADD_RECORD_METADATA: String(metadata),
  };
  return {
    name: metadata ? "target-postgres with metadata" : "target-postgres",
    schema,
    load: ({ singer }) =>
      measurePrograms([[commandPath("target-postgres")]], { environment, input: singer }),
  };
}
