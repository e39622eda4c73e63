/** What taps and targets share outside the wire itself. */
export * from "./about.ts";
export * from "./command-line.ts";
export * from "./read-json-file.ts";
export * from "./settings.ts";
