/** Errors of the driver, of TLS and of PostgreSQL -> what they mean for the user. Pure. */
import {
  AuthError,
  ConfigError,
  ContractError,
  SingerError,
  UnavailableError,
} from "@bizops/singer";
import { quote } from "./schema/render-ddl.ts";

/** What is known of an error. */
interface Symptoms {
  /** SQLSTATE, or Node's code. */
  readonly code?: string;
  /** The stream it is about, and its table, qualified and quoted. */
  readonly stream?: string;
  readonly streamTable?: string;
  /** As the server names them. */
  readonly table?: string;
  readonly column?: string;
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
  const { code = "" } = error as Symptoms;
  const lostByDriver = /terminated|not queryable|Client was closed|timeout expired/;
  return gone.has(code) || /^(08|57P|25006)/.test(code) || lostByDriver.test(error.message);
}

/**
 * Says what an error means and what to do about it. Texts that may quote data are left out.
 * @param server where, for the message
 */
export function translateError(error: unknown, server: string): unknown {
  if (error instanceof SingerError || !(error instanceof Error)) return error;
  const { code = "", stream } = error as Symptoms;
  const of = stream === undefined ? "" : `${stream}: `;
  const at = `PostgreSQL at ${server}`;
  const cause = { cause: error };
  const tls = translateTls(error, at);
  if (tls !== undefined) return tls;
  if (isConnectionLost(error)) {
    return new UnavailableError(`${at} is not available (${code || error.message})`, cause);
  }
  switch (code) {
    case "53100":
      return new UnavailableError(
        `the disk of ${at} is full; nothing was lost, run again when there is room`,
        cause,
      );
    case "55P03":
      return new UnavailableError(
        `${of}${at}: another session holds a lock for longer than lock_timeout`,
        cause,
      );
    case "57014":
      return new UnavailableError(
        `${of}${at} cancelled a statement (statement_timeout or an administrator)`,
        cause,
      );
    case "42501":
      return new AuthError(`${of}${error.message}; ${suggestGrant(error)}`, cause);
    case "3D000":
      return new ConfigError(
        `${error.message} on ${server}; create it or correct the setting database`,
        cause,
      );
  }
  if (/^(40|53|58|XX)/.test(code)) {
    return new UnavailableError(`${of}${at} could not go on (${code})`, cause);
  }
  if (code.startsWith("28")) {
    return new AuthError(`${at} refused the user or password: ${error.message}`, cause);
  }
  if (/^(22|23|42|54|P0)/.test(code)) {
    const { table, column } = error as Symptoms;
    const where = [table, column].filter(Boolean).join(".");
    return new ContractError(
      `${of}PostgreSQL refused the data${where && ` of ${where}`} (SQLSTATE ${code})`,
      cause,
    );
  }
  return error;
}

/** Distrust of the server is for the settings to mend; distrust of us for whoever keeps the server's keys. */
function translateTls(error: Error, at: string): SingerError | undefined {
  const { code = "" } = error as Symptoms;
  const cause = { cause: error };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const { host } = error as { host?: string };
    return new ConfigError(
      `${at}: its certificate is not for ${host}; correct the setting host`,
      cause,
    );
  }
  if (code === "CERT_HAS_EXPIRED") {
    return new ConfigError(`${at}: its certificate has expired`, cause);
  }
  if (/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|CERT_|ERR_TLS_CERT)/.test(code)) {
    return new ConfigError(
      `${at}: its certificate is of an authority that is not trusted (${code}); name the right one in ssl_root_cert`,
      cause,
    );
  }
  if (error.message === "The server does not support SSL connections") {
    return new ConfigError(`${at} does not offer TLS (SSL), which ssl_mode asks for`, cause);
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return new AuthError(`${at} refused the client certificate (${code})`, cause);
  }
  return undefined;
}

/** A statement an administrator can run. */
function suggestGrant(error: Error): string {
  const { streamTable } = error as Symptoms;
  const temporary = /permission denied to create temporary tables in database "(.+)"/.exec(
    error.message,
  );
  if (temporary !== null) return `GRANT TEMPORARY ON DATABASE ${quote(temporary[1]!)} TO this user`;
  const [, kind, name = ""] = /permission denied for (\w+) (.+)/.exec(error.message) ?? [];
  switch (kind) {
    case "schema":
      return `GRANT USAGE, CREATE ON SCHEMA ${quote(name)} TO this user`;
    case "database":
      return `GRANT CREATE ON DATABASE ${quote(name)} TO this user, or create the schema for it`;
    case "table":
      return `GRANT SELECT, INSERT, UPDATE, DELETE ON ${streamTable ?? quote(name)} TO this user`;
    default:
      return "this user must own the table to change it";
  }
}
