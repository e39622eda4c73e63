/** The sandbox as a library: a world, and a server that shows it through its vendors' APIs. */
export type { MarketoCredentials } from "./marketo/api/tokens.ts";
export type { MarketoOptions } from "./marketo/marketo-vendor.ts";
export type { Credentials } from "./salesforce/api/credentials.ts";
export type { Sandbox, SandboxOptions } from "./start-sandbox.ts";
export { startSandbox } from "./start-sandbox.ts";
export type { World, WorldOptions } from "./world/world.ts";
export { createWorld } from "./world/world.ts";
export type { ZuoraCredentials } from "./zuora/credentials.ts";
