/** The tap alone, and the pipe of tap and target, against the sandbox. */
import { startSandbox } from "@bizops/sandbox";
import { commandPath } from "../loaders/command-path.mjs";
import { measurePrograms } from "../loaders/measure-programs.mjs";
import { takeTurns } from "./take-turns.mjs";

const schema = "salesforce";

/** @param options `{ size: 100000, repeat: 5 }`: rows of the sandbox company */
export async function runTapCases({ database }, { size = 100_000, repeat = 5 }) {
  const sandbox = await startSandbox({ size });
  const environment = {
    ...database.environment,
    SFDC_URL: sandbox.url,
    SFDC_USERNAME: sandbox.credentials.username,
    SFDC_PASSWORD: sandbox.credentials.password,
    SFDC_SECURITY_TOKEN: sandbox.credentials.securityToken,
    BIZOPS_PSEUDONYM_KEY: "bench",
    TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA: schema,
  };
  const tap = [commandPath("tap-salesforce")];
  const target = [commandPath("target-postgres")];
  const rows = () => countRows(database);
  const cases = [
    ...["rest", "bulk2"].map((api) => ({
      name: `tap-salesforce by ${api}`,
      rows,
      run: () =>
        measurePrograms([tap], { environment: { ...environment, TAP_SALESFORCE_API_TYPE: api } }),
    })),
    {
      name: "tap-salesforce | target-postgres",
      rows,
      prepare: () => database.sql(`DROP SCHEMA IF EXISTS ${schema} CASCADE`),
      run: () => measurePrograms([tap, target], { environment }),
    },
  ];
  try {
    return { repeat, results: await takeTurns(database, cases, repeat) };
  } finally {
    await sandbox.close();
  }
}

/** The rows of all tables the pipe has made. */
function countRows({ sql }) {
  const tables = sql(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`).split("\n");
  const counts = tables.map((table) => `(SELECT count(*) FROM ${schema}."${table}")`);
  return Number(sql(`SELECT ${counts.join(" + ")}`));
}
