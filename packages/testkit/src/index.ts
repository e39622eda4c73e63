/** For tests: programs as processes, databases and servers of their own. */
export * from "./own-server.ts";
export * from "./run-program.ts";
export * from "./scratch-database.ts";
