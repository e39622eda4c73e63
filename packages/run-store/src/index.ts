/** Runs, their events and states, in the schema `bizops` of the warehouse. */
export * from "./connect.ts";
export * from "./database.ts";
export * from "./pipeline-lock.ts";
export * from "./read-runs.ts";
export * from "./states.ts";
export * from "./write-runs.ts";
