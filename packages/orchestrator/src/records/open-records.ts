/** The run store of a project, where it has a warehouse. */
import { hasWarehouse, openRunDatabase, type RunDatabase } from "@bizops/run-store";
import { ConfigError } from "@bizops/singer";
import type { Project } from "../project/project.ts";

/** Does something with the run store, if there is one. @throws AuthError, UnavailableError */
export async function withRecords<T>(
  { environment }: Project,
  work: (database: RunDatabase | undefined) => Promise<T>,
): Promise<T> {
  const database = hasWarehouse(environment) ? await openRunDatabase(environment) : undefined;
  try {
    return await work(database);
  } finally {
    await database?.close();
  }
}

/** Does something that needs the run store. @throws ConfigError if there is no warehouse */
export function withRunStore<T>(
  project: Project,
  work: (database: RunDatabase) => Promise<T>,
): Promise<T> {
  return withRecords(project, (database) => {
    if (database === undefined) {
      throw new ConfigError("runs are kept in the warehouse: set PG_DATABASE and PG_USERNAME");
    }
    return work(database);
  });
}
