/** Salesforce as one of the company's vendors. */
import type { Vendor, VendorContext } from "../vendor.ts";
import type { World } from "../world/world.ts";
import { makeBulkBatches } from "./api/bulk-batches.ts";
import { makeBulkQuery } from "./api/bulk-query.ts";
import { type Credentials, DEMO_CREDENTIALS } from "./api/credentials.ts";
import { makeQueryPages } from "./api/query-pages.ts";
import { makeSalesforceApi, replyFor, tokenOf } from "./api/salesforce-api.ts";
import { makeSessions } from "./api/sessions.ts";
import { makeUsageLimit, requestLimitExceeded } from "./api/usage-limit.ts";
import { ALL_OBJECTS, findObject } from "./objects/all-objects.ts";
import { makeJsonWriter } from "./render-json.ts";
import type { SObject } from "./sobject.ts";
import { errorBody, notFound, VendorError } from "./vendor-error.ts";

/** How this organisation differs from the usual. */
export interface SalesforceOptions {
  /** Each use of a refresh token brings a new one and kills the old; default false. */
  readonly rotateRefreshTokens?: boolean;
  /** A query over more rows times out; default: none does. */
  readonly largestQuery?: number;
  /** Bulk API 2.0 query jobs a day; default 10,000. */
  readonly bulkJobLimit?: number;
  /** Only the first page of a bulk job's results has the header row; default false. */
  readonly firstHeaderOnly?: boolean;
}

export function makeSalesforce(
  context: VendorContext,
  options: SalesforceOptions,
): Vendor<Credentials> {
  const { sessionSeconds, apiLimit, world, baseUrl } = context;
  const credentials = DEMO_CREDENTIALS;
  const sessions = makeSessions(credentials, sessionSeconds, options.rotateRefreshTokens ?? false);
  const usage = makeUsageLimit(apiLimit);
  const { largestQuery = Number.POSITIVE_INFINITY } = options;
  const bulk = makeBulkQuery({
    world,
    largestQuery,
    jobLimit: options.bulkJobLimit ?? 10_000,
    firstHeaderOnly: options.firstHeaderOnly ?? false,
  });
  const pages = makeQueryPages(world, largestQuery);
  const api = makeSalesforceApi({
    credentials,
    sessions,
    sessionSeconds,
    usage,
    pages,
    bulk,
    batches: makeBulkBatches(world),
    world,
    baseUrl,
  });
  return {
    name: "salesforce",
    roots: ["services"],
    routes: api.routes,
    credentials,
    paths: { salesforce: "", salesforceToken: "/services/oauth2/token" },
    counts: () =>
      Object.fromEntries(ALL_OBJECTS.map(({ name, table }) => [name, table(world()).count])),
    truth(name) {
      const object = findObject(name);
      return object === undefined ? null : truth(object, world());
    },
    expireSessions: (call) => sessions.expire(call && (tokenOf(call) ?? "")),
    notFound: () => replyFor(notFound()),
    methodNotAllowed: (method) =>
      replyFor(new VendorError(405, "METHOD_NOT_ALLOWED", `HTTP Method '${method}' not allowed.`)),
    quotaSpent: () => replyFor(requestLimitExceeded()),
    failureBody: () => errorBody("SERVER_UNAVAILABLE", "The sandbox was told to fail."),
  };
}

function* truth(object: SObject, world: World): Generator<string> {
  const table = object.table(world);
  const write = makeJsonWriter(object, object.fields, "v61.0");
  let text = "";
  for (let position = 0; position < table.count; position++) {
    text += `${write(table.row(position))}\n`;
    if (text.length > 262_144) {
      yield text;
      text = "";
    }
  }
  yield text;
}
