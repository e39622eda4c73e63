/** The dbt models from the common data model up, over rows a test gives: every model a view, no mapping, no seeds. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJsonVerbatim } from "@bizops/singer";
import {
  commandPath,
  createScratchDatabase,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";
import type { CommonModel } from "../recompute/common-model.ts";
import type { Reports } from "../recompute/reports.ts";
import type { Settings } from "../recompute/settings.ts";
import { cacheFolder } from "./scratch-project.ts";

const dbt = dirname(fileURLToPath(import.meta.resolve("@bizops/dbt/package.json")));

/** The tables the models stand on, with their columns' types. */
const tables: { readonly [name: string]: string } = {
  cdm_account: "account_id text, source text, is_deleted boolean, crm_account_id text",
  cdm_person:
    "person_id text, source text, kind text, created_at timestamptz, is_deleted boolean, email text, account_id text, converted_contact_id text, converted_account_id text, crm_person_id text",
  cdm_campaign:
    "campaign_id text, source text, name text, channel text, is_deleted boolean, crm_campaign_id text",
  cdm_touch:
    "touch_id text, source text, person_id text, campaign_id text, touched_at timestamptz, kind text, asset text",
  cdm_opportunity:
    "opportunity_id text, source text, account_id text, stage text, created_at timestamptz, close_date date, is_won boolean, is_deleted boolean, iacv numeric, sales_accepted_at date, opportunity_source text, amount numeric, currency text",
  cdm_opportunity_person: "opportunity_id text, person_id text, is_primary boolean",
  cdm_subscription:
    "subscription_id text, source text, account_id text, name text, version bigint, status text, start_date date, end_date date, cancelled_at date, mrr numeric",
  cdm_spend:
    "spend_id text, source text, spent_on date, amount numeric, campaign_id text, channel text, kind text",
  opportunity_duplicate_stages: "stage text",
  opportunity_source_buckets: "opportunity_source text, source_bucket text",
  currency_rates: "currency text, rate numeric",
};

/** What a build of the models fixes; the seeds come with each world. */
export type BuildSettings = Pick<
  Settings,
  | "warehouse_timezone"
  | "gross_margin"
  | "default_attribution_model"
  | "min_wins"
  | "max_retention_years"
  | "as_of"
>;

export interface GivenProject {
  readonly database: ScratchDatabase;
  /** Builds the models' views under these settings. */
  build(settings: BuildSettings): Promise<void>;
  /** What the views say of these rows. */
  read(model: CommonModel, settings: Settings): Promise<{ [report in keyof Reports]: object[] }>;
  close(): Promise<void>;
}

/** @param columns of each report, in the order they are read */
export async function createGivenProject(
  columns: {
    readonly [report in keyof Reports]: readonly string[];
  },
): Promise<GivenProject> {
  const folder = mkdtempSync(join(tmpdir(), "bizops-given-"));
  const database = await createScratchDatabase();
  writeProject(folder);
  await database.query("CREATE SCHEMA given");
  for (const [name, definition] of Object.entries(tables)) {
    await database.query(`CREATE TABLE given.${name} (${definition})`);
  }
  return {
    database,
    build: (settings) => runDbt(folder, database, settings),
    async read(model, settings) {
      const { opportunity_duplicate_stages, opportunity_source_buckets, currency_rates } = settings;
      const rows: { [name: string]: readonly object[] } = {
        ...model,
        opportunity_duplicate_stages: opportunity_duplicate_stages.map((stage) => ({ stage })),
        opportunity_source_buckets,
        currency_rates,
      };
      for (const name of Object.keys(tables)) {
        await database.query(`TRUNCATE given.${name}`);
        await database.query(
          `INSERT INTO given.${name} SELECT * FROM json_populate_recordset(NULL::given.${name}, $1)`,
          [JSON.stringify((rows[name] ?? []).map(toJson))],
        );
      }
      // As text, since numbers here have more digits than JSON.parse keeps.
      const read = async ([report, names]: [string, readonly string[]]) => {
        const found = await database.query<{ row: string }>(
          `SELECT to_jsonb(t)::text AS row FROM (SELECT ${names.join(", ")} FROM analytics_dev.${report}) t`,
        );
        return [report, found.map(({ row }) => parseJsonVerbatim(row) as object)];
      };
      const found = [];
      for (const each of Object.entries(columns)) found.push(await read(each));
      return Object.fromEntries(found);
    },
    async close() {
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Instants are numbers in the referee's rows, in columns named for the time they hold. */
function toJson(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === "number" && column.endsWith("_at") ? new Date(value).toISOString() : value,
    ]),
  );
}

function writeProject(folder: string): void {
  for (const part of ["macros", "models/intermediate", "models/marts"]) {
    const target = join(folder, part);
    mkdirSync(target, { recursive: true });
    // Without the yml files, whose contracts and materialisations are the real project's.
    for (const file of readdirSync(join(dbt, part)).filter((name) => name.endsWith(".sql"))) {
      cpSync(join(dbt, part, file), join(target, file));
    }
  }
  mkdirSync(join(folder, "models/given"));
  for (const name of Object.keys(tables)) {
    writeFileSync(join(folder, "models/given", `${name}.sql`), `select * from given.${name}\n`);
  }
  cpSync(join(dbt, "profiles.yml"), join(folder, "profiles.yml"));
  writeFileSync(
    join(folder, "dbt_project.yml"),
    "name: bizops\nversion: 0.1.0\nprofile: bizops\nmodels: { +materialized: view }\nflags: { send_anonymous_usage_stats: false }\n",
  );
  writeFileSync(
    join(folder, "bizops.yml"),
    "pipelines: { none: { tap: none, target: none } }\ntransform: { project: . }\n",
  );
}

async function runDbt(
  folder: string,
  database: ScratchDatabase,
  settings: BuildSettings,
): Promise<void> {
  const vars = {
    warehouse_timezone: settings.warehouse_timezone,
    gross_margin: Number(settings.gross_margin),
    default_attribution_model: settings.default_attribution_model,
    min_wins: settings.min_wins,
    max_retention_years: settings.max_retention_years,
    as_of: settings.as_of,
  };
  const { code, stdout, stderr } = await runProgram(
    commandPath("bizops"),
    ["transform", "--", "run", "--vars", JSON.stringify(vars)],
    { folder, environment: { ...database.environment, BIZOPS_CACHE: cacheFolder } },
  );
  if (code !== 0) throw new Error(`dbt failed (${code}): ${stdout}${stderr}`);
}
