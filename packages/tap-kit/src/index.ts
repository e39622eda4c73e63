/** Everything of a Singer tap but the source. */
export { toCatalog } from "./discover.ts";
export { type PrivacyPolicy, type PrivacyVerb, pseudonymise } from "./privacy.ts";
export { runTap } from "./run-tap.ts";
export * from "./stream.ts";
