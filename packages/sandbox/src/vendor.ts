/** What a vendor brings to the server: its paths, its rows, and its words for what goes wrong. */
import type { Call, Reply } from "./http/exchange.ts";
import type { Route } from "./http/routes.ts";
import type { World } from "./world/world.ts";

/** What every vendor is made from. */
export interface VendorContext {
  /** The company as it stands; another one after each advance. */
  world(): World;
  /** Where the server listens, as clients reach it. */
  baseUrl(): string;
  /** Seconds until a session ends by itself. */
  readonly sessionSeconds: number;
  /** API calls a day. */
  readonly apiLimit: number;
}

export interface Vendor<Credentials = object> {
  readonly name: string;
  /** The first path segments that are this vendor's: `["services"]`. */
  readonly roots: readonly string[];
  readonly routes: readonly Route[];
  readonly credentials: Credentials;
  /** Paths a client is given, by purpose. */
  readonly paths: { readonly [purpose: string]: string };
  /** How many rows each object has now. */
  counts(): { readonly [object: string]: number };
  /** All rows of an object with all fields as NDJSON, deleted ones too, in order of ids; null if there is no such object. */
  truth(object: string): Iterable<string> | null;
  /** Ends the session a call came with; without a call, all sessions. */
  expireSessions(call?: Call): void;
  /** An answer for a path nothing is at. */
  notFound(): Reply;
  methodNotAllowed(method: string): Reply;
  /** The answer to a call beyond the allowance. */
  quotaSpent(): Reply;
  /** The body of an answer to a call that the vendor was told to fail. */
  failureBody(): string;
}
