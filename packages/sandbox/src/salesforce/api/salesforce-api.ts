/** All the vendor's paths, who may call them, and what a call costs. */
import type { Call, Reply } from "../../http/exchange.ts";
import { emptyReply, jsonReply, textReply } from "../../http/exchange.ts";
import { makeRouter, type Params, type Route } from "../../http/routes.ts";
import type { World } from "../../world/world.ts";
import { DEFINED_AT, describeObject, summariseObject } from "../describe.ts";
import { ALL_OBJECTS, findObject } from "../objects/all-objects.ts";
import { keyOfRecordId } from "../record-id.ts";
import type { SObject } from "../sobject.ts";
import { errorBody, notFound, VendorError } from "../vendor-error.ts";
import { answerBatch } from "./batch.ts";
import { formatOf, render } from "./bulk-batches.ts";
import type { BulkQuery } from "./bulk-query.ts";
import type { Credentials } from "./credentials.ts";
import { answerToken } from "./oauth.ts";
import type { QueryPages } from "./query-pages.ts";
import type { Sessions } from "./sessions.ts";
import { answerSoapLogin } from "./soap-login.ts";
import type { UsageLimit } from "./usage-limit.ts";

export const OLDEST_VERSION = 40;
export const NEWEST_VERSION = 64;

export interface SalesforceApiOptions {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly sessionSeconds: number;
  readonly usage: UsageLimit;
  readonly pages: QueryPages;
  readonly bulk: BulkQuery;
  /** Of Bulk API 1.0. */
  readonly batches: readonly Route[];
  world(): World;
  /** Where the server listens, as clients reach it. */
  baseUrl(): string;
}

export interface SalesforceApi {
  readonly routes: readonly Route[];
}

export function makeSalesforceApi(options: SalesforceApiOptions): SalesforceApi {
  const { credentials, sessions, usage, pages, bulk } = options;
  const data = "/services/data/{version}";

  const resources: Route[] = [
    get(data, () => jsonReply(200, RESOURCES)),
    get(`${data}/limits`, () => jsonReply(200, limitsOf(usage, bulk))),
    get(`${data}/sobjects`, (_call, { version }) => answerObjects(version!)),
    get(`${data}/sobjects/{object}`, (_call, params) => {
      const objectDescribe = summariseObject(objectOf(params), params.version!);
      return jsonReply(200, { objectDescribe, recentItems: [] });
    }),
    get(`${data}/sobjects/{object}/describe`, answerDescribe),
    get(`${data}/sobjects/{object}/{id}/Body`, (_call, params) =>
      answerBody(params, options.world()),
    ),
    get(`${data}/query`, (call, { version }) => pages.first(call, version!, false)),
    get(`${data}/queryAll`, (call, { version }) => pages.first(call, version!, true)),
    get(`${data}/query/{locator}`, (_call, params) => pages.next(params.locator!, params.version!)),
    get(`${data}/queryAll/{locator}`, (_call, params) =>
      pages.next(params.locator!, params.version!),
    ),
    get(`${data}/jobs/query`, (_call, { version }) => bulk.list(version!)),
    {
      method: "POST",
      template: `${data}/jobs/query`,
      answer: (call, { version }) => bulk.create(call, version!),
    },
    get(`${data}/jobs/query/{id}`, (_call, { id }) => bulk.look(id!)),
    {
      method: "PATCH",
      template: `${data}/jobs/query/{id}`,
      answer: (call, { id }) => bulk.abort(call, id!),
    },
    {
      method: "DELETE",
      template: `${data}/jobs/query/{id}`,
      answer: (_call, { id }) => bulk.remove(id!),
    },
    get(`${data}/jobs/query/{id}/results`, (call, { id, version }) =>
      bulk.results(call, id!, version!),
    ),
  ];
  const findResource = makeRouter(resources);

  const guarded = (route: Route): Route => ({
    ...route,
    answer: (call, params) => {
      try {
        checkSession(call, sessions);
        checkVersion(params);
        usage.spend();
        return withUsage(route.answer(call, params), usage);
      } catch (error) {
        return withUsage(replyFor(error), usage);
      }
    },
  });
  const runSubrequest = (call: Call): Reply => {
    const found = findResource(call.method, call.path);
    if (found === null || found === "method") return replyFor(notFound());
    try {
      usage.spend();
      checkVersion(found.params);
      return found.route.answer(call, found.params);
    } catch (error) {
      return replyFor(error);
    }
  };
  /** Errors are the Bulk API 1.0's own: always status 400, whatever is wrong. */
  const guardedAsync = (route: Route): Route => ({
    ...route,
    answer: (call, params) => {
      try {
        checkSession(call, sessions);
        usage.spend();
        return withUsage(route.answer(call, params), usage);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        const exceptionCode = error.status === 401 ? "InvalidSessionId" : error.code;
        const body = { exceptionCode, exceptionMessage: error.message };
        return render(formatOf(call), "error", body, 400);
      }
    },
  });
  const batch: Route = {
    method: "POST",
    template: `${data}/composite/batch`,
    answer: (call) => answerBatch(call, runSubrequest),
  };
  return {
    routes: [
      {
        method: "POST",
        template: "/services/oauth2/token",
        answer: (call) => answerToken(call, sessions, credentials, options.baseUrl()),
      },
      {
        method: "POST",
        template: "/services/oauth2/revoke",
        answer: (call) => {
          sessions.expire(new URLSearchParams(call.body).get("token") ?? "");
          return emptyReply(200);
        },
      },
      ...["/services/Soap/u/{version}", "/services/Soap/u/{version}/{organisation}"].map(
        (template): Route => ({
          method: "POST",
          template,
          answer: (call, { version }) =>
            answerSoapLogin(
              call,
              version!,
              sessions,
              credentials,
              options.baseUrl(),
              options.sessionSeconds,
            ),
        }),
      ),
      get("/services/data", () => jsonReply(200, versions())),
      ...[...resources, batch].map(guarded),
      ...options.batches.map(guardedAsync),
    ],
  };
}

function get(template: string, answer: Route["answer"]): Route {
  return { method: "GET", template, answer };
}

const RESOURCES = Object.fromEntries(
  ["limits", "sobjects", "query", "queryAll", "composite", "jobs"].map((name) => [
    name,
    `/services/data/v${NEWEST_VERSION}.0/${name}`,
  ]),
);

function versions(): { label: string; url: string; version: string }[] {
  const list = [];
  for (let version = OLDEST_VERSION; version <= NEWEST_VERSION; version++) {
    list.push({
      label: `Release ${version}`,
      url: `/services/data/v${version}.0`,
      version: `${version}.0`,
    });
  }
  return list;
}

function answerObjects(version: string): Reply {
  const sobjects = ALL_OBJECTS.map((object) => summariseObject(object, version));
  return jsonReply(200, { encoding: "UTF-8", maxBatchSize: 200, sobjects });
}

/** Answers 304 without a body where nothing has changed since the time asked about. */
function answerDescribe(call: Call, params: Params): Reply {
  const object = objectOf(params);
  const lastModified = { "last-modified": new Date(DEFINED_AT).toUTCString() };
  const since = Date.parse(call.headers["if-modified-since"] ?? "");
  if (since >= DEFINED_AT) return emptyReply(304, lastModified);
  return jsonReply(200, describeObject(object, params.version!), lastModified);
}

function answerBody(params: Params, world: World): Reply {
  const object = objectOf(params);
  const field = object.field("Body");
  const key = keyOfRecordId(object.keyPrefix, params.id!);
  if (!field || key === null) throw notFound();
  const table = object.table(world);
  const position = table.find(key);
  if (position < 0 || table.isDeleted(position)) throw notFound();
  return textReply(200, String(field.read(table.row(position))), "application/octet-stream");
}

function objectOf(params: Params): SObject {
  const object = findObject(params.object!);
  if (!object) throw notFound();
  return object;
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm */
function limitsOf(
  usage: UsageLimit,
  bulk: BulkQuery,
): Record<string, { Max: number; Remaining: number }> {
  const { jobs, jobLimit, megabytes } = bulk.usage();
  return {
    DailyApiRequests: { Max: usage.limit, Remaining: usage.limit - usage.used() },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
    DailyBulkV2QueryJobs: { Max: jobLimit, Remaining: jobLimit - jobs },
    DailyBulkV2QueryFileStorageMB: { Max: 976_562, Remaining: 976_562 - megabytes },
  };
}

function checkSession(call: Call, sessions: Sessions): void {
  const token = tokenOf(call);
  if (token !== null && sessions.isOpen(token)) return;
  throw new VendorError(401, "INVALID_SESSION_ID", "Session expired or invalid");
}

/** The access token of a call; null if it has none. */
export function tokenOf(call: Call): string | null {
  const session = call.headers["x-sfdc-session"];
  return session ?? /^(?:Bearer|OAuth) (\S+)$/i.exec(call.headers.authorization ?? "")?.[1] ?? null;
}

function checkVersion(params: Params): void {
  const version = /^v(\d+)\.0$/.exec(params.version ?? "")?.[1];
  if (version !== undefined && +version >= OLDEST_VERSION && +version <= NEWEST_VERSION) return;
  throw notFound();
}

/** The vendor's JSON for an error; anything else is ours and goes on up. */
export function replyFor(error: unknown): Reply {
  if (!(error instanceof VendorError)) throw error;
  return textReply(
    error.status,
    errorBody(error.code, error.message),
    "application/json;charset=UTF-8",
  );
}

function withUsage(reply: Reply, usage: UsageLimit): Reply {
  return { ...reply, headers: { ...reply.headers, "sforce-limit-info": usage.info() } };
}
