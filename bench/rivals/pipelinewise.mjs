/** pipelinewise-target-postgres; its defaults are its fastest settings: batches of 100,000 rows, nothing checked. */
import { installPythonProgram, singerLoader } from "./python-program.mjs";

const name = "pipelinewise-target-postgres";

/** @returns one loader */
export async function pipelinewiseLoaders({ folder, database }) {
  const { bin, version } = await installPythonProgram(`python/${name}.lock`, name);
  const schema = "pipelinewise";
  const { host, port, user, password, database: dbname } = database;
  const settings = { host, port, user, password, dbname, default_target_schema: schema };
  const command = bin("target-postgres");
  return [singerLoader(folder, { name: `${name} ${version}`, schema, command, settings })];
}
