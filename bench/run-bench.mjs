/** `npm run bench`: rows/s and peak memory of tap, target and pipe beside raw COPY, as ratios of one run. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startLocalPostgres } from "@bizops/local-postgres";
import { startSandbox } from "@bizops/sandbox";
import { renderTable, writeRows } from "./make-rows.mjs";
import { measure } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "200000" },
    size: { type: "string", default: "100000" },
    repeat: { type: "string", default: "3" },
  },
});
const rows = Number(values.rows);
const repeat = Number(values.repeat);
const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bizops-bench-"));
const settings = { shared_buffers: "1GB", max_wal_size: "4GB" };
const postgres = await startLocalPostgres({ folder: join(folder, "postgres"), settings });
const sandbox = await startSandbox({ size: Number(values.size) });
const { environment: warehouse } = postgres;
const psql = {
  PGHOST: warehouse.PG_ADDRESS,
  PGPORT: warehouse.PG_PORT,
  PGUSER: warehouse.PG_USERNAME,
  PGPASSWORD: warehouse.PG_PASSWORD,
  PGDATABASE: warehouse.PG_DATABASE,
};

function sql(text) {
  const { status, stdout, stderr } = spawnSync(
    "psql",
    ["-qXAt", "-v", "ON_ERROR_STOP=1", "-c", text],
    {
      env: { ...process.env, ...psql },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr || "psql is needed for the benchmark");
  return stdout.trim();
}

/** The median of several runs of everything in turn, so that a drifting machine touches all alike. */
async function inTurn(cases) {
  const results = cases.map(() => []);
  for (let time = 0; time < repeat; time += 1) {
    for (const [index, { prepare, run }] of cases.entries()) {
      prepare?.();
      results[index].push(await run());
    }
  }
  return results.map((runs) => runs.sort((a, b) => a.seconds - b.seconds)[Math.floor(repeat / 2)]);
}

try {
  const singer = join(folder, "rows.jsonl");
  const csv = join(folder, "rows.csv");
  await writeRows(rows, singer, csv);
  const target = [bin("target-postgres")];
  const tap = [bin("tap-salesforce")];
  const environment = {
    ...warehouse,
    SFDC_URL: sandbox.url,
    SFDC_USERNAME: sandbox.credentials.username,
    SFDC_PASSWORD: sandbox.credentials.password,
    SFDC_SECURITY_TOKEN: sandbox.credentials.securityToken,
    BIZOPS_PSEUDONYM_KEY: "bench",
  };
  const dropSalesforce = () => sql("DROP SCHEMA IF EXISTS salesforce CASCADE");
  const intoSalesforce = { ...environment, TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA: "salesforce" };
  const cases = [
    {
      name: "raw \\copy of CSV",
      rows,
      prepare: () => sql(`DROP TABLE IF EXISTS raw; ${renderTable("raw")}`),
      run: () =>
        measure([["psql", "-qX", "-c", `\\copy raw FROM '${csv}' CSV`]], { environment: psql }),
    },
    {
      name: "target, insert",
      rows,
      prepare: () => sql("DROP TABLE IF EXISTS bench"),
      run: () => measure([target], { environment, input: singer }),
    },
    {
      name: "target, upsert of all",
      rows,
      run: () => measure([target], { environment, input: singer }),
    },
    { name: "tap", sandbox: true, run: () => measure([tap], { environment }) },
    {
      name: "tap | target",
      sandbox: true,
      prepare: dropSalesforce,
      run: () => measure([tap, target], { environment: intoSalesforce }),
    },
  ];
  const results = await inTurn(cases);
  const loaded = Number(
    sql(
      "SELECT sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM salesforce.%I', table_name), false, true, '')))[1]::text::int) FROM information_schema.tables WHERE table_schema = 'salesforce'",
    ),
  );
  console.log(
    `${cpus().length} cores, Node ${process.version}, PostgreSQL ${sql("SHOW server_version")}, median of ${repeat}`,
  );
  console.table(
    Object.fromEntries(
      cases.map(({ name, rows: count = loaded, sandbox: ofSandbox }, index) => {
        const { seconds, peakMiB } = results[index];
        return [
          name,
          {
            rows: count,
            seconds: Number(seconds.toFixed(2)),
            "rows/s": Math.round(count / seconds),
            "x raw \\copy": ofSandbox ? "" : Number((seconds / results[0].seconds).toFixed(2)),
            "peak MiB": peakMiB.join(" | "),
          },
        ];
      }),
    ),
  );
} finally {
  await sandbox.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
