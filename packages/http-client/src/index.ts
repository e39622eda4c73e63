/** HTTP for connectors. */
export * from "./authentication.ts";
export type { Classify } from "./classify-response.ts";
export type { HttpHeaders, RawResponse } from "./exchange.ts";
export * from "./http-client.ts";
export type { RateLimit } from "./rate-limit.ts";
export * from "./token-file.ts";
export type { UsageQuota } from "./usage-quota.ts";
