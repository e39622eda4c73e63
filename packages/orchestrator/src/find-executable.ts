/** Name of a program -> its path: the project's own packages first, then PATH. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@bizops/singer";

/**
 * Looks in `node_modules/.bin` of the folder and of each above it, beside this package, then in PATH.
 * @throws ConfigError naming the package to install
 */
export function findExecutable(
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): string {
  const places = [
    ...binFolders(folder),
    ...binFolders(dirname(fileURLToPath(import.meta.url))),
    ...(environment.PATH ?? "").split(delimiter).filter(Boolean),
  ];
  const candidates = name.includes("/")
    ? [resolve(folder, name)]
    : places.map((place) => join(place, name));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new ConfigError(`the program ${name} is not installed: npm install @bizops/${name}`);
}

function binFolders(from: string): string[] {
  const folder = resolve(from);
  const here = join(folder, "node_modules", ".bin");
  return folder === dirname(folder) ? [here] : [here, ...binFolders(dirname(folder))];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run: the next place decides
  }
}
