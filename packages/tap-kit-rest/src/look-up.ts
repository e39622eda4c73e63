/** `{parent.id}` and paths such as `data.items`: looked up, never evaluated. */
import { ContractError, type JsonObject, type JsonValue } from "@bizops/singer";

/** The value at a dotted path, or undefined. */
export function lookUp(value: JsonValue | undefined, path: string): JsonValue | undefined {
  let found = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as JsonObject)[name];
  }
  return found;
}

/**
 * Puts values in the place of `{parent.x}` and `{config.x}`.
 * @param encode applied to each value: `encodeURIComponent` within a path
 * @throws ContractError if there is no such value
 */
export function fillPlaceholders(
  text: string,
  scope: JsonObject,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(/\{((?:parent|config)\.[^{}]+)\}/g, (placeholder, path: string) => {
    const value = lookUp(scope, path);
    if (value === undefined || value === null || value === "") {
      throw new ContractError(`there is no value for ${placeholder} of ${text}`);
    }
    return encode(String(value));
  });
}
