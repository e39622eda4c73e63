/** Singer target for PostgreSQL. */
export { target } from "./target.ts";
