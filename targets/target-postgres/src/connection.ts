/** Settings -> a connection. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError } from "@bizops/singer";
import pg, { type ClientConfig } from "pg";
import { translateError } from "./translate-error.ts";

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
  const ca = readPem(settings, "ssl_root_cert", (text) => new X509Certificate(text));
  const cert = readPem(settings, "ssl_cert", (text) => new X509Certificate(text));
  const key = readPem(settings, "ssl_key", createPrivateKey);
  if (cert && key && !cert.parsed.checkPrivateKey(key.parsed)) {
    throw new ConfigError("ssl_key is not the key of the certificate in ssl_cert");
  }
  return {
    rejectUnauthorized: mode === "verify-ca" || mode === "verify-full",
    ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
    ...(ca && { ca: ca.text }),
    ...(cert && { cert: cert.text }),
    ...(key && { key: key.text }),
  };
}

/** Reads a file a setting names, if it names one. @throws ConfigError if it is not what it should be */
function readPem<T>(
  settings: Settings,
  name: string,
  parse: (text: string) => T,
): { readonly text: string; readonly parsed: T } | undefined {
  const path = settings[name];
  if (typeof path !== "string") return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${name}: the file ${path} cannot be read`, { cause });
  }
  try {
    return { text, parsed: parse(text) };
  } catch (cause) {
    throw new ConfigError(`${name}: the file ${path} does not hold one in PEM format`, { cause });
  }
}

/** Statements here are many and short: compiling one would cost more than running it. */
const sessionSettings = "SET timezone = 'UTC'; SET jit = off";

/** Opens a connection in UTC. @throws AuthError, ConfigError, UnavailableError */
export async function openConnection(settings: Settings): Promise<pg.Client> {
  const config = toClientConfig(settings);
  const client = new pg.Client(config);
  // A connection lost between two queries is reported by the next query.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(sessionSettings);
    return client;
  } catch (error) {
    // Not waited for: after the server's TLS alert the driver may wait for ever.
    client.end().catch(() => {});
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
