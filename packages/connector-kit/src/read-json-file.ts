/** Reads the JSON files named on a command line. */
import { readFileSync } from "node:fs";
import { ConfigError, type JsonObject, type JsonValue, parseJson } from "@bizops/singer";

/**
 * @param path the file
 * @param flag how the user named it, for the message: `--config`
 * @param parse what reads the text; `parseJsonVerbatim` keeps even trailing zeros
 * @throws ConfigError if it cannot be read or is not JSON; the content is never quoted
 */
export function readJsonFile(path: string, flag: string, parse = parseJson): JsonValue {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new ConfigError(`${flag}: the file ${path} ${why}`, { cause: error });
  }
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(`${flag}: the file ${path} is not valid JSON`, { cause: error });
  }
}

/** As `readJsonFile`, and the root must be an object. */
export function readJsonObjectFile(path: string, flag: string): JsonObject {
  const value = readJsonFile(path, flag);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${flag}: the file ${path} must hold a JSON object`);
  }
  return value as JsonObject;
}
