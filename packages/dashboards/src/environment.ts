/** What both commands take from their surroundings. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Log } from "@bizops/singer";

/** The environment; `.env` fills gaps, as it does for every command. */
export function readEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!existsSync(".env")) return environment;
  return { ...parseEnv(readFileSync(".env", "utf8")), ...environment };
}

/** Timings of requests are for connectors, whose logs machines read. */
export function quiet(log: Log): Log {
  return { ...log, metric: () => {} };
}
