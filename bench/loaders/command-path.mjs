/** Where our commands are. */
import { fileURLToPath } from "node:url";

/** The path of one of our commands; it has to be built. */
export const commandPath = (name) =>
  fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
