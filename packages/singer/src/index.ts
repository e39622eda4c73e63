/** The Singer wire: messages, catalog, state, errors, logs. */
export * from "./byte-pattern.ts";
export * from "./catalog.ts";
export * from "./errors.ts";
export * from "./json.ts";
export * from "./json-schema.ts";
export * from "./log.ts";
export * from "./message.ts";
export * from "./message-writer.ts";
export * from "./read-lines.ts";
export * from "./run-program.ts";
export * from "./split-lines.ts";
export * from "./standard-input.ts";
export * from "./state.ts";
