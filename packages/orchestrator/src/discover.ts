/** `bizops discover`: the catalog of a pipeline's source. */
import {
  type Catalog,
  exitCodes,
  type JsonValue,
  PartFailedError,
  parseCatalog,
} from "@bizops/singer";
import { askConnector } from "./ask-connector.ts";
import type { Pipeline, Project } from "./project/project.ts";

/**
 * What the source offers now, as its tap discovers it.
 * @throws PartFailedError with the tap's exit code and last line
 */
export async function discover(
  project: Project,
  { name, tap, tapConfig }: Pipeline,
): Promise<Catalog> {
  const answer = await askConnector(project, name, tap, tapConfig, ["--discover"]);
  if (answer.exitCode !== 0) {
    throw new PartFailedError(
      `${name}: ${tap} --discover failed: ${answer.lastLine}`,
      answer.exitCode ?? exitCodes.bug,
    );
  }
  return parseCatalog(JSON.parse(answer.stdout) as JsonValue);
}
