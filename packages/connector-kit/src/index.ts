/** What taps and targets share outside the wire itself. */
export type { About } from "./about.ts";
export type { Flags, ParsedFlags } from "./command-line.ts";
export * from "./csv-nulls.ts";
export * from "./read-json-file.ts";
export * from "./settings.ts";
export * from "./start-connector.ts";
