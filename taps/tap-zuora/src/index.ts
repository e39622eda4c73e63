/** tap-zuora as a value. */
export { tap } from "./tap.ts";
