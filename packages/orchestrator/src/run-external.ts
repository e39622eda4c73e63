/** `bizops X` for an X that is not our own: runs `bizops-X`, as git does. */
import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { ConfigError } from "@bizops/singer";
import { findExecutable } from "./find-executable.ts";
import { shellCode } from "./run/decide-outcome.ts";

/**
 * Runs it to its end with our own stdin, stdout and stderr; an abort is passed on.
 * @returns its exit code
 * @throws ConfigError naming the package to install
 */
export async function runExternal(
  command: string,
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  if (!/^[a-z][a-z-]*$/.test(command)) throw unknown(command);
  let path: string;
  try {
    path = findExecutable(`bizops-${command}`, folder, environment);
  } catch (cause) {
    throw unknown(command, cause);
  }
  return new Promise((resolve, reject) => {
    // The extension finds its siblings, `bizops` among them, where it was found itself.
    const PATH = [dirname(path), environment.PATH].filter(Boolean).join(delimiter);
    const options = { env: { ...environment, PATH }, stdio: "inherit", detached: true } as const;
    const child = spawn(path, args, options);
    const onAbort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", onAbort);
    child.once("error", reject);
    child.once("exit", (code, ended) => {
      signal.removeEventListener("abort", onAbort);
      resolve(shellCode({ code, signal: ended }));
    });
  });
}

function unknown(command: string, cause?: unknown): ConfigError {
  return new ConfigError(
    `bizops has no command ${command}; if it is an extension: npm install @bizops/${command}. See bizops --help`,
    { cause },
  );
}
