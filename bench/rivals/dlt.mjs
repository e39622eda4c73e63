/** dlt: no Singer, reads the CSV with pyarrow and loads it by COPY, its fastest way. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measurePrograms } from "../loaders/measure-programs.mjs";
import { installPythonProgram } from "./python-program.mjs";

const script = fileURLToPath(new URL("load-with-dlt.py", import.meta.url));

/** @returns one loader */
export async function dltLoaders({ folder, database }) {
  const { python, version } = await installPythonProgram("python/dlt.lock", "dlt");
  const schema = "dlt";
  const environment = {
    WAREHOUSE: database.url,
    DLT_DATA_DIR: join(folder, "dlt"),
    RUNTIME__DLTHUB_TELEMETRY: "false",
  };
  const load = ({ shape, csv }, mode) => {
    const args = [csv, schema, shape.name, mode, JSON.stringify(shape.columns)];
    return measurePrograms([[python, script, ...args]], { environment });
  };
  return [{ name: `dlt ${version} from CSV`, schema, load }];
}
