/** sling: no Singer, reads the CSV; told the types and the key. Packaged with its program for Linux on x64 only. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { measurePrograms } from "../loaders/measure-programs.mjs";
import { installPythonProgram } from "./python-program.mjs";

const types = {
  text: "text",
  numeric: "decimal",
  bigint: "bigint",
  boolean: "bool",
  date: "date",
  timestamptz: "timestampz",
};

/** @returns one loader, none on other platforms */
export async function slingLoaders({ folder, database }) {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  const { python, version } = await installPythonProgram("python/sling.lock", "sling-linux-amd64");
  const find = "import sling_linux_amd64; print(sling_linux_amd64.SLING_BIN, end='')";
  const program = execFileSync(python, ["-c", find], { encoding: "utf8" });
  const schema = "sling";
  const environment = {
    WAREHOUSE: database.url,
    SLING_HOME_DIR: join(folder, "sling"),
    SLING_LOADED_AT_COLUMN: "false",
    SLING_DISABLE_TELEMETRY: "true",
  };
  const load = ({ shape, csv }, mode) => {
    // As a list, since an object's members lose their order there, and values their columns.
    const columns = shape.columns.map(([column, type]) => ({ name: column, type: types[type] }));
    const flags = {
      "--src-stream": `file://${csv}`,
      "--tgt-conn": "WAREHOUSE",
      "--tgt-object": `${schema}.${shape.name}`,
      "--mode": mode === "insert" ? "full-refresh" : "incremental",
      "--primary-key": "id",
      "--src-options": JSON.stringify({ columns }),
      "--tgt-options": JSON.stringify({ table_keys: { primary: ["id"] } }),
    };
    return measurePrograms([[program, "run", ...Object.entries(flags).flat()]], { environment });
  };
  return [{ name: `sling ${version} from CSV`, schema, load }];
}
