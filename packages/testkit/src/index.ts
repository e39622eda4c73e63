/** For tests: programs as processes, databases of their own. */
export * from "./run-program.ts";
export * from "./scratch-database.ts";
