/** Where the dashboards find their tables; the one thing that differs from place to place. */
import { ConfigError, type JsonObject } from "@bizops/singer";

/** The warehouse as the dashboards see it. */
export interface Warehouse {
  /** SQLAlchemy's address, without a password. */
  readonly uri: string;
  readonly password: string;
  /** The schema of the reports. */
  readonly schema: string;
}

/** What stands in the files for the address and for the schema of the reports. */
export const uriPlace = "$WAREHOUSE_URI";
export const schemaPlace = "$REPORT_SCHEMA";

/** The schema dbt builds the reports in. */
export function reportSchema(environment: NodeJS.ProcessEnv): string {
  return environment.BIZOPS_ENV === "production"
    ? environment.PG_PROD_SCHEMA || "analytics"
    : environment.PG_DEV_SCHEMA || "analytics_dev";
}

/**
 * `DASHBOARDS_PG_USERNAME` and `DASHBOARDS_PG_PASSWORD` name the role that only reads; where it is to be reached from
 * another machine than ours, `DASHBOARDS_PG_ADDRESS` and `DASHBOARDS_PG_PORT` say how.
 * @throws ConfigError naming the variable that is not set
 */
export function readWarehouse(environment: NodeJS.ProcessEnv): Warehouse {
  const setting = (name: string, otherwise?: string): string => {
    const value = environment[`DASHBOARDS_${name}`] || environment[name] || otherwise;
    if (value === undefined) throw new ConfigError(`the variable ${name} is not set`);
    return value;
  };
  const user = environment.DASHBOARDS_PG_USERNAME;
  const password = environment.DASHBOARDS_PG_PASSWORD;
  if (!user || !password) {
    throw new ConfigError(
      "DASHBOARDS_PG_USERNAME and DASHBOARDS_PG_PASSWORD are not set: Superset needs a role of the warehouse that only reads",
    );
  }
  const host = setting("PG_ADDRESS", "localhost");
  const port = setting("PG_PORT", "5432");
  const database = encodeURIComponent(setting("PG_DATABASE"));
  const mode = environment.PGSSLMODE ? `?sslmode=${environment.PGSSLMODE}` : "";
  return {
    uri: `postgresql+psycopg2://${encodeURIComponent(user)}@${host}:${port}/${database}${mode}`,
    password,
    schema: reportSchema(environment),
  };
}

/** Whether a dataset reads the reports, as the files say it. */
export function readsReports(dataset: JsonObject): boolean {
  return dataset.schema === schemaPlace;
}
