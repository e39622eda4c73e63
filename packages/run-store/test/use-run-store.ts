/** A scratch database with a run store in it, for one test file. */
import { createScratchDatabase, type ScratchDatabase } from "@bizops/testkit";
import { openRunDatabase, type RunDatabase } from "../src/index.ts";

export interface TestStore {
  readonly scratch: ScratchDatabase;
  /** A connection to the store, as a further program would make it. */
  open(): Promise<RunDatabase>;
  close(): Promise<void>;
}

export async function createTestStore(): Promise<TestStore> {
  const scratch = await createScratchDatabase();
  const opened: RunDatabase[] = [];
  return {
    scratch,
    async open() {
      const database = await openRunDatabase(scratch.environment);
      opened.push(database);
      return database;
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await scratch.drop();
    },
  };
}
