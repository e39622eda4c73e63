/** Programs from PyPI, each in a private environment made from its hashed lock file. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEnvironment } from "@bizops/python-environment";
import { interruption } from "../interruption.mjs";
import { measurePrograms } from "../loaders/measure-programs.mjs";

/** Shared with the end-to-end tests, which use one of the locks too. */
const cacheFolder =
  process.env.BIZOPS_CACHE ?? fileURLToPath(new URL("../../.bizops/cache", import.meta.url));

/**
 * @param lock path of the lock file, from the folder bench
 * @param packageName the package whose version is reported
 * @returns `{ python, bin(name), version }`
 */
export async function installPythonProgram(lock, packageName) {
  const file = fileURLToPath(new URL(`../${lock}`, import.meta.url));
  const say = (step) => console.error(step);
  const folder = await ensureEnvironment(file, cacheFolder, process.env, interruption, say);
  const bin = (name) => join(folder, "bin", name);
  const pin = new RegExp(`^${packageName}(?:\\[.*\\])?==(\\S+)`, "m");
  const [, version] = pin.exec(readFileSync(file, "utf8"));
  return { python: bin("python"), bin, version };
}

/** A Singer target as a loader: its settings go to a file, the rows to its stdin. */
export function singerLoader(folder, { name, schema, command, settings }) {
  const config = join(folder, `${schema}.json`);
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  return {
    name,
    schema,
    load: ({ singer }) => measurePrograms([[command, "--config", config]], { input: singer }),
  };
}
