/** Private Python environments for programs that npm does not have. */
export * from "./python-environment.ts";
