/** Bulk API 2.0 query jobs. A job moves one state further each time it is looked at, so nobody has to wait. */
import type { Call, Reply } from "../../http/exchange.ts";
import { emptyReply, jsonReply, textReply } from "../../http/exchange.ts";
import { makeLongBody } from "../../http/long-body.ts";
import type { World } from "../../world/world.ts";
import { type BoundQuery, bindQuery } from "../bind-query.ts";
import type { Field } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { findObject } from "../objects/all-objects.ts";
import { userId } from "../objects/audit-fields.ts";
import { recordId } from "../record-id.ts";
import { type CsvStyle, csvHeader, DELIMITERS, makeCsvWriter } from "../render-csv.ts";
import { restDateTime } from "../render-time.ts";
import { runQuery } from "../run-query.ts";
import { parseSoql } from "../soql/parse-soql.ts";
import { notFound, VendorError } from "../vendor-error.ts";
import { QUERY_TIMEOUT } from "./query-pages.ts";

/** Rows a page holds when the reader names no number. */
const DEFAULT_PAGE = 50_000;

const ENDED = ["JobComplete", "Aborted", "Failed"] as const;
type State = "UploadComplete" | "InProgress" | (typeof ENDED)[number];

interface Job {
  readonly id: string;
  readonly version: string;
  readonly operation: string;
  readonly soql: string;
  readonly object: string;
  readonly createdAt: number;
  readonly delimiterName: string;
  readonly lineEndingName: string;
  readonly style: CsvStyle;
  readonly fields: readonly Field[];
  readonly positions: Uint32Array;
  rowAt(position: number): unknown;
  state: State;
}

export interface BulkQueryOptions {
  world(): World;
  /** Rows beyond which a query takes too long. */
  readonly largestQuery: number;
  /** Jobs a day. */
  readonly jobLimit: number;
  /** Later pages have no header row. */
  readonly firstHeaderOnly: boolean;
}

export interface BulkQuery {
  /** What of the day's allowance is used. */
  usage(): { readonly jobs: number; readonly jobLimit: number; readonly megabytes: number };
  create(call: Call, version: string): Reply;
  list(version: string): Reply;
  look(id: string): Reply;
  abort(call: Call, id: string): Reply;
  remove(id: string): Reply;
  results(call: Call, id: string, version: string): Reply;
}

export function makeBulkQuery(options: BulkQueryOptions): BulkQuery {
  const jobs = new Map<string, Job>();
  let made = 0;
  let bytes = 0;
  const jobOf = (id: string): Job => {
    const job = jobs.get(id.slice(0, 15));
    if (!job) throw notFound();
    return job;
  };
  return {
    usage: () => ({
      jobs: made,
      jobLimit: options.jobLimit,
      megabytes: Math.ceil(bytes / 1_048_576),
    }),
    create: (call, version) => {
      if (made >= options.jobLimit) {
        throw new VendorError(
          403,
          "REQUEST_LIMIT_EXCEEDED",
          "DailyBulkV2QueryJobs Limit exceeded.",
        );
      }
      const job = makeJob(call, version, recordId(PREFIX.BulkJob, made + 1), options.world());
      made++;
      jobs.set(job.id.slice(0, 15), job);
      return jsonReply(200, describeJob(job));
    },
    list: () => {
      const records = [...jobs.values()].map(describeJob);
      return jsonReply(200, { done: true, records, nextRecordsUrl: null });
    },
    look: (id) => {
      const job = jobOf(id);
      if (job.state === "InProgress") {
        job.state = job.positions.length > options.largestQuery ? "Failed" : "JobComplete";
      }
      if (job.state === "UploadComplete") job.state = "InProgress";
      return jsonReply(200, describeJob(job));
    },
    abort: (call, id) => {
      const job = jobOf(id);
      if (bodyOf(call).state !== "Aborted")
        throw invalidJob("InvalidJobState", "Invalid job state");
      if (job.state === "JobComplete") {
        throw invalidJob("InvalidJobState", "Aborting already Completed Job not allowed");
      }
      job.state = "Aborted";
      return jsonReply(200, describeJob(job));
    },
    remove: (id) => {
      const job = jobOf(id);
      if (!hasEnded(job)) {
        throw invalidJob(
          "API_ERROR",
          `Deleting not Closed or Aborted Job not allowed: ${job.state}`,
        );
      }
      jobs.delete(job.id.slice(0, 15));
      return emptyReply(204);
    },
    results: (call, id, version) => {
      const reply = answerResults(call, jobOf(id), version, options.firstHeaderOnly);
      bytes += reply.body.length;
      return reply;
    },
  };
}

function makeJob(call: Call, version: string, id: string, world: World): Job {
  const body = bodyOf(call);
  const { operation, query: soql, columnDelimiter = "COMMA", lineEnding = "LF" } = body;
  if (operation !== "query" && operation !== "queryAll") {
    throw invalidJob("InvalidJob", `Operation ${String(operation)} not supported for query jobs`);
  }
  if (typeof soql !== "string" || soql === "") throw invalidJob("InvalidJob", "query is required");
  const delimiter = DELIMITERS[String(columnDelimiter)];
  if (delimiter === undefined || (lineEnding !== "LF" && lineEnding !== "CRLF")) {
    throw invalidJob("InvalidJob", "columnDelimiter or lineEnding is not supported");
  }
  const query = bindQuery(parseSoql(soql), soql, findObject);
  refuseWhatBulkRefuses(query);
  const table = query.object.table(world);
  return {
    id,
    version,
    operation,
    soql,
    object: query.object.name,
    createdAt: world.now,
    delimiterName: String(columnDelimiter),
    lineEndingName: lineEnding,
    style: { delimiter, lineEnding: lineEnding === "LF" ? "\n" : "\r\n" },
    fields: query.fields,
    positions: runQuery(query, world, operation === "queryAll"),
    rowAt: (position) => table.row(position),
    state: "UploadComplete",
  };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_create_job.htm */
export function refuseWhatBulkRefuses({ object, fields, isCount }: BoundQuery): void {
  if (!object.inBulk) {
    throw invalidJob("INVALIDENTITY", `Entity '${object.name}' is not supported by the Bulk API.`);
  }
  if (isCount) throw invalidJob("API_ERROR", "Aggregate queries are not supported");
  for (const { type } of fields) {
    if (type === "address") {
      throw invalidJob(
        "FUNCTIONALITY_NOT_ENABLED",
        "Selecting compound data not supported in Bulk Query",
      );
    }
    if (type === "base64") {
      throw invalidJob(
        "FUNCTIONALITY_NOT_ENABLED",
        "Selecting base64 fields not supported in Bulk Query",
      );
    }
  }
}

function hasEnded({ state }: Job): boolean {
  return ENDED.some((each) => each === state);
}

/** As the vendor words the failure of a job whose query takes too long. */
const TOO_LONG = `${QUERY_TIMEOUT}: Your query request was running for too long.`;

function describeJob(job: Job): Record<string, unknown> {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: userId(0),
    createdDate: restDateTime(job.createdAt),
    systemModstamp: restDateTime(job.createdAt),
    state: job.state,
    concurrencyMode: "Parallel",
    contentType: "CSV",
    apiVersion: Number(job.version.slice(1)),
    jobType: "V2Query",
    lineEnding: job.lineEndingName,
    columnDelimiter: job.delimiterName,
    ...(job.state === "Failed" ? { errorMessage: TOO_LONG } : {}),
    ...(hasEnded(job)
      ? {
          numberRecordsProcessed: job.state === "JobComplete" ? job.positions.length : 0,
          retries: 0,
          totalProcessingTime: 1,
          isPkChunkingSupported: true,
        }
      : {}),
  };
}

/** After the last page the locator is the word null. */
function answerResults(call: Call, job: Job, version: string, firstHeaderOnly: boolean): Reply {
  // "You must use the same API version to get query results that you used to create the query."
  if (job.version !== version) throw new VendorError(409, "API_ERROR", "API version mismatch");
  // "If the request fails, the status code is 204 (No Content)."
  if (job.state !== "JobComplete") return emptyReply(204);
  const locator = call.query.get("locator");
  const from = locator === null || locator === "null" ? 0 : offsetOf(locator);
  const wanted = Number(call.query.get("maxRecords") ?? DEFAULT_PAGE);
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw invalidJob("API_ERROR", "maxRecords must be a positive number");
  }
  if (from === null || from > job.positions.length) {
    throw invalidJob("INVALID_QUERY_LOCATOR", "invalid query locator");
  }
  const until = Math.min(job.positions.length, from + wanted);
  const write = makeCsvWriter(job.fields, job.style);
  const body = makeLongBody();
  if (from === 0 || !firstHeaderOnly) body.add(csvHeader(job.fields, job.style));
  for (let n = from; n < until; n++) body.add(write(job.rowAt(job.positions[n]!)));
  const next =
    until < job.positions.length ? Buffer.from(String(until)).toString("base64url") : "null";
  return textReply(200, body.bytes(), "text/csv", {
    "sforce-locator": next,
    "sforce-numberofrecords": String(until - from),
  });
}

function offsetOf(locator: string): number | null {
  const text = Buffer.from(locator, "base64url").toString("utf8");
  return /^\d+$/.test(text) ? Number(text) : null;
}

function bodyOf(call: Call): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(call.body);
    if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  } catch {
    // Falls through to the vendor's own refusal.
  }
  throw new VendorError(400, "JSON_PARSER_ERROR", "Unexpected character in the request body");
}

function invalidJob(code: string, message: string): VendorError {
  return new VendorError(400, code, message);
}
