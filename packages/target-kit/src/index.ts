/** Everything of a Singer target but the warehouse. */
export { loadInput } from "./load-input.ts";
export { rowRules } from "./row-rules.ts";
export { runTarget } from "./run-target.ts";
export { compileValidator } from "./validate-row.ts";
export * from "./warehouse.ts";
