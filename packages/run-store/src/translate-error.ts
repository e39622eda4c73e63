/** Errors of the driver and of PostgreSQL -> what they mean for the user. Pure. */
import { types } from "node:util";
import { AuthError, ConfigError, SingerError, UnavailableError } from "@bizops/singer";

const gone = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|08|57P|25006|53)/;
const goneByDriver = /terminated|not queryable|Client was closed|timeout expired|timeout exceeded/;

/** @param server where, for the message */
export function translateError(error: unknown, server: string): unknown {
  if (error instanceof SingerError || !types.isNativeError(error)) return error;
  const { code = "" } = error as { code?: string };
  const at = `the warehouse at ${server}`;
  const cause = { cause: error };
  if (gone.test(code) || goneByDriver.test(error.message)) {
    return new UnavailableError(`${at} is not available (${code || error.message})`, cause);
  }
  if (code.startsWith("28")) {
    return new AuthError(`${at} refused the user or password: ${error.message}`, cause);
  }
  if (code === "3D000") {
    return new ConfigError(
      `${error.message} on ${server}; create it or correct PG_DATABASE`,
      cause,
    );
  }
  if (code === "42501") {
    return new AuthError(
      `${error.message}; runs are kept in the schema bizops: CREATE SCHEMA bizops AUTHORIZATION this user`,
      cause,
    );
  }
  return error;
}
