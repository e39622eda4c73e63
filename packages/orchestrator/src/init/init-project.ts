/** `bizops init`: a project of one's own out of the packages that are installed. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { asWriteError, ConfigError } from "@bizops/singer";
import { askProgram } from "../ask-program.ts";
import { findDbtPackage } from "../transform.ts";
import { type Connector, planProjectFiles, type Variable } from "./plan-project-files.ts";

/** What became of a file. */
export interface WrittenFile {
  readonly path: string;
  /** It was there before, and is as it was. */
  readonly kept: boolean;
}

/**
 * Writes what is missing; no file that is there is touched.
 * @throws ConfigError if no tap or target is installed in the folder
 */
export async function initProject(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly WrittenFile[]> {
  const bin = join(folder, "node_modules", ".bin");
  const names = existsSync(bin) ? readdirSync(bin).sort() : [];
  const taps = names.filter((name) => name.startsWith("tap-"));
  const [target] = names.filter((name) => name.startsWith("target-"));
  if (taps.length === 0 || target === undefined) {
    throw new ConfigError(
      `no tap or no target is installed in ${resolve(folder)}; for instance: npm install @bizops/tap-salesforce @bizops/target-postgres`,
    );
  }
  const ask = (name: string) => askConnector(join(bin, name), name, environment);
  const files = planProjectFiles({
    taps: await Promise.all(taps.map(ask)),
    target: await ask(target),
    dbtPackage: relative(resolve(folder), findDbtPackage(folder)),
    pseudonymKey: randomBytes(32).toString("hex"),
  });
  return files.map(({ path, content, secret }) => {
    const file = join(folder, path);
    if (existsSync(file)) return { path, kept: true };
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: secret ? 0o600 : 0o644, flag: "wx" });
    } catch (cause) {
      throw asWriteError(cause, `the file ${file}`);
    }
    return { path, kept: false };
  });
}

/** The settings of a connector that have a customary variable. A foreign one may tell nothing. */
async function askConnector(
  path: string,
  name: string,
  environment: NodeJS.ProcessEnv,
): Promise<Connector> {
  const { exitCode, stdout } = await askProgram(path, ["--about", "--format", "json"], environment);
  return { name, variables: exitCode === 0 ? readVariables(stdout) : [] };
}

interface About {
  readonly settings?: {
    readonly properties?: {
      readonly [name: string]: {
        readonly description?: string;
        readonly "x-env"?: readonly string[];
      };
    };
  };
}

function readVariables(text: string): Variable[] {
  let about: About;
  try {
    about = JSON.parse(text);
  } catch {
    return []; // a foreign program with another --about
  }
  return Object.values(about.settings?.properties ?? {}).flatMap((setting) => {
    const [name] = setting["x-env"] ?? [];
    const known = name === undefined || name.startsWith("BIZOPS_");
    return known ? [] : [{ name, description: setting.description ?? "" }];
  });
}
