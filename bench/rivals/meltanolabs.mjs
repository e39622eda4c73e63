/** meltanolabs-target-postgres: as it comes, and with COPY, no validation, no metadata, large batches. */
import { installPythonProgram, singerLoader } from "./python-program.mjs";

const name = "meltanolabs-target-postgres";
const tuning = {
  use_copy: true,
  validate_records: false,
  add_record_metadata: false,
  activate_version: false,
  batch_size_rows: 100_000,
};

/** @returns two loaders, tuned and by its defaults */
export async function meltanolabsLoaders({ folder, database }) {
  const { bin, version } = await installPythonProgram(`../e2e/python/${name}.lock`, name);
  const loader = (how, settings) => {
    const schema = `meltanolabs_${how}`;
    const { host, port, user, password, database: within } = database;
    const connection = { host, port, user, password, database: within };
    return singerLoader(folder, {
      name: `${name} ${version} ${how}`,
      schema,
      command: bin("target-postgres"),
      settings: { ...connection, default_target_schema: schema, ...settings },
    });
  };
  return [loader("tuned", tuning), loader("defaults", {})];
}
