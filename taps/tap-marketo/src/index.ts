/** tap-marketo as a value. */
export { tap } from "./tap.ts";
