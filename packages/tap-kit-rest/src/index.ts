/** REST sources as data. */
export * from "./auth.ts";
export { defineRestTap, type RestTap } from "./define-rest-tap.ts";
export * from "./pages.ts";
export type { RestReplication, RestStream, Scope } from "./rest-stream.ts";
export * from "./time-format.ts";
