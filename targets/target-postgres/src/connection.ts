/** Settings -> a connection, and PostgreSQL's errors -> ours. */
import { readFileSync } from "node:fs";
import {
  AuthError,
  ConfigError,
  ContractError,
  SingerError,
  UnavailableError,
} from "@bizops/singer";
import pg, { type ClientConfig } from "pg";

type Settings = { readonly [name: string]: unknown };

/** The driver's configuration. @throws ConfigError if a certificate cannot be read */
export function toClientConfig(settings: Settings): ClientConfig {
  const ssl = toSsl(settings);
  const shared = {
    application_name: "target-postgres",
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    ...(ssl !== undefined && { ssl }),
  };
  if (typeof settings.connection_string === "string") {
    if (
      !/^postgres(ql)?(\+\w+)?:\/\//.test(settings.connection_string) ||
      !URL.canParse(settings.connection_string)
    ) {
      throw new ConfigError(
        "connection_string must be of the form postgresql://user:password@host:port/database",
      );
    }
    // SQLAlchemy names its driver in the scheme.
    const connectionString = settings.connection_string.replace(/^(\w+)\+\w+:/, "$1:");
    return { ...shared, connectionString };
  }
  const { host, port, database, user, password } = settings as { [name: string]: never };
  return { ...shared, host, port, database, user, password };
}

function toSsl(settings: Settings): ClientConfig["ssl"] | undefined {
  const mode = settings.ssl_mode;
  if (mode === undefined) return undefined;
  if (mode === "disable") return false;
  const file = (name: string) =>
    typeof settings[name] === "string" ? readSetting(settings[name], name) : undefined;
  const ca = file("ssl_root_cert");
  const cert = file("ssl_cert");
  const key = file("ssl_key");
  return {
    rejectUnauthorized: mode === "verify-ca" || mode === "verify-full",
    ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function readSetting(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${name}: the file ${path} cannot be read`, { cause });
  }
}

/** Opens a connection in UTC. @throws AuthError, ConfigError, UnavailableError */
export async function openConnection(settings: Settings): Promise<pg.Client> {
  const config = toClientConfig(settings);
  const client = new pg.Client(config);
  // A connection lost between two queries is reported by the next query.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("SET timezone = 'UTC'");
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw translateError(error, describeServer(settings));
  }
}

/** Where the warehouse is, without its password. */
export function describeServer(settings: Settings): string {
  if (typeof settings.connection_string === "string") {
    const { hostname, port, pathname } = new URL(settings.connection_string);
    return `${hostname}:${port || 5432}${pathname}`;
  }
  return `${settings.host}:${settings.port}/${settings.database}`;
}

const gone = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
]);

/** Whether a new connection may help: the old one is gone, or was to a server that takes no writes any more. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof UnavailableError) return true;
  if (!(error instanceof Error) || error instanceof SingerError) return false;
  const { code = "" } = error as { code?: string };
  const lostByDriver = /terminated|not queryable|Client was closed|timeout expired/;
  return gone.has(code) || /^(08|57P|25006)/.test(code) || lostByDriver.test(error.message);
}

/**
 * Says what an error of the driver or the server means for the user. Texts that may quote data are left out.
 * @param server where, for the message
 */
export function translateError(error: unknown, server: string): unknown {
  if (error instanceof SingerError || !(error instanceof Error)) return error;
  const { code = "", stream } = error as { code?: string; stream?: string };
  const of = stream === undefined ? "" : `${stream}: `;
  const cause = { cause: error };
  if (isConnectionLost(error) || /^(53[03]|40|55P03|58|XX)/.test(code)) {
    return new UnavailableError(
      `PostgreSQL at ${server} is not available (${code || error.message})`,
      cause,
    );
  }
  if (code === "53100") {
    return new UnavailableError(
      `the disk of PostgreSQL at ${server} is full; nothing was lost, run again when there is room`,
      cause,
    );
  }
  if (code === "57014") {
    return new UnavailableError(
      `PostgreSQL at ${server} cancelled a statement (statement_timeout or an administrator)`,
      cause,
    );
  }
  if (code.startsWith("28")) {
    return new AuthError(`PostgreSQL at ${server} refused the user or password`, cause);
  }
  if (code === "42501") {
    return new AuthError(`${of}${error.message}; ${suggestGrant(error.message)}`, cause);
  }
  if (code === "3D000") {
    return new ConfigError(
      `${error.message} on ${server}; create it or correct the setting database`,
      cause,
    );
  }
  if (/^(22|23|42|54)/.test(code)) {
    const { table, column } = error as { table?: string; column?: string };
    const where = [table, column].filter(Boolean).join(".");
    return new ContractError(
      `${of}PostgreSQL refused the data${where && ` of ${where}`} (SQLSTATE ${code})`,
      cause,
    );
  }
  return error;
}

function suggestGrant(message: string): string {
  const [, kind, name] = /permission denied for (\w+) (\S+)/.exec(message) ?? [];
  switch (kind) {
    case "schema":
      return `GRANT USAGE, CREATE ON SCHEMA ${name} to this user`;
    case "database":
      return `GRANT CREATE ON DATABASE ${name} to this user, or create the schema for it`;
    case "table":
      return `GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} to this user`;
    default:
      return "this user must own the table to change it";
  }
}
