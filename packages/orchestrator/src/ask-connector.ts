/** Asks a connector of a pipeline something, with its settings in a file only we can read. */
import { type Answer, askProgram } from "./ask-program.ts";
import { findExecutable } from "./find-executable.ts";
import { environmentOf, type Project } from "./project/project.ts";
import { createPrivateFolder } from "./run/private-folder.ts";

/** An answer, and who gave it. */
export interface ConnectorAnswer extends Answer {
  /** The program's path. */
  readonly path: string;
}

/** @throws ConfigError if the program is not installed */
export async function askConnector(
  project: Project,
  pipeline: string,
  program: string,
  config: object,
  flags: readonly string[],
): Promise<ConnectorAnswer> {
  const { folder } = project;
  const environment = environmentOf(project, pipeline);
  const path = findExecutable(program, folder, environment);
  const files = createPrivateFolder(folder, pipeline);
  try {
    const args = ["--config", files.write("config.json", config), ...flags];
    return { path, ...(await askProgram(path, args, environment, folder)) };
  } finally {
    files.remove();
  }
}
