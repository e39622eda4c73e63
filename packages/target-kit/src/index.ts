/** Everything of a Singer target but the warehouse. */
export { loadInput } from "./load-input.ts";
export { runTarget } from "./run-target.ts";
export * from "./warehouse.ts";
