/** Secrets that were made up here and have to last: one file each, for us alone to read. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asWriteError } from "@bizops/singer";

/** The secret of that name; made when it is first asked for. @throws ConfigError or UnavailableError if it cannot be kept */
export function keepSecret(folder: string, name: string, make: () => string): string {
  const file = join(folder, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const secret = make();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, secret, { mode: 0o600 });
  } catch (cause) {
    throw asWriteError(cause, file);
  }
  return secret;
}
