/** `bizops transform`: dbt, from its private environment, against the warehouse. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { ensureEnvironment } from "@bizops/python-environment";
import { ConfigError, PartFailedError } from "@bizops/singer";
import type { Project } from "./project/project.ts";

export interface TransformRequest {
  readonly project: Project;
  /** dbt's command and flags; default: `build`. */
  readonly args: readonly string[];
  /** Shown as they come; undefined: only when dbt fails. */
  readonly onLine?: (line: string) => void;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs dbt to its end.
 * @throws ConfigError if there is no dbt project, PartFailedError if dbt fails
 */
export async function transform(request: TransformRequest): Promise<void> {
  const { project, signal } = request;
  const dbtProject = project.dbtProject ?? findDbtPackage(project.folder);
  const lockFile = join(findDbtPackage(project.folder), "requirements.lock");
  const cache = project.environment.BIZOPS_CACHE ?? join(project.folder, ".bizops", "cache");
  const python = await ensureEnvironment(
    lockFile,
    cache,
    project.environment,
    signal,
    request.onStep,
  );
  const output = join(project.folder, ".bizops", "dbt");
  const environment = {
    DBT_PROFILES_DIR: existsSync(join(dbtProject, "profiles.yml"))
      ? dbtProject
      : findDbtPackage(project.folder),
    ...project.environment,
    DBT_PROJECT_DIR: dbtProject,
    DBT_TARGET_PATH: join(output, "target"),
    DBT_LOG_PATH: join(output, "logs"),
    DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
    DBT_USE_COLORS: "false",
  };
  const args = request.args.length === 0 ? ["build"] : request.args;
  const dbt = join(python, "bin", "dbt");
  const { code, lines } = await runDbt(dbt, args, environment, request);
  if (signal.aborted) throw signal.reason;
  if (code === 0) return;
  if (!request.onLine) for (const line of lines) request.onStep(line);
  throw new PartFailedError(
    `dbt ${args[0]} failed (exit code ${code}); its log is in ${output}/logs`,
    // dbt: 1 a model or test failed, 2 it could not run at all.
    code === 1 ? 5 : 2,
  );
}

/** The folder of the package `@bizops/dbt`, as the project or we ourselves resolve it. @throws ConfigError */
export function findDbtPackage(projectFolder: string): string {
  for (const from of [resolve(projectFolder, "package.json"), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve("@bizops/dbt/package.json"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new ConfigError("the dbt project is not installed: npm install @bizops/dbt");
}

/** The end of what dbt said is kept for the case that it fails. */
function runDbt(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  { onLine, project, signal }: TransformRequest,
): Promise<{ code: number | null; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      cwd: project.folder,
      env: environment,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const onAbort = () => child.kill("SIGINT");
    signal.addEventListener("abort", onAbort);
    let lines: string[] = [];
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) onLine?.(part);
      lines = [...lines, ...parts].slice(-60);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      resolve({ code, lines });
    });
  });
}
