/** tap-salesforce as a value. */
export { tap } from "./tap.ts";
