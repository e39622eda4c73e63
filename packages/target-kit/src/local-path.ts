/** Where a file of a manifest is on this machine. */
import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ContractError } from "@bizops/singer";

const ways = "only local files are read: file:///path or /path";

/**
 * The path of a file. `file://a/b`, which the Meltano SDK writes for relative paths, is below the working folder.
 * @param location a file URL or an absolute path
 * @throws ContractError on anything else; it names the scheme, as the rest may hold a signature
 */
export function localPath(location: string): string {
  if (isAbsolute(location)) return location;
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(location)?.[0].toLowerCase();
  if (scheme === undefined) {
    throw new ContractError(`a path of the manifest is not absolute; ${ways}`);
  }
  if (scheme !== "file") throw new ContractError(`${scheme}:// is not supported; ${ways}`);
  const path = location.replace(/^file:(?:\/\/(?:localhost(?=\/))?)?/i, "");
  try {
    return fileURLToPath(new URL(path, pathToFileURL(`${process.cwd()}/`)));
  } catch (cause) {
    throw new ContractError("a file URL of the manifest is not valid", { cause });
  }
}
