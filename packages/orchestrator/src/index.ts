/** What the demo and tests share with the command. */
export { ensureEnvironment, environmentFolder, findPython } from "./python-environment.ts";
