/** AQuA: jobs of several queries, stateless or in a session of their own. Each look moves a job one state further. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import type { World } from "../../world/world.ts";
import { zuoraId } from "../record-id.ts";
import { type Export, runExport } from "../run-export.ts";
import { fromLocal } from "../time-zone.ts";
import { aquaError } from "../vendor-error.ts";
import type { Files } from "./files.ts";

/** A longer result comes as several files. */
const SEGMENT_ROWS = 1000;
/** https://docs.zuora.com/en/zuora-platform/data/aggregate-query-api-aqua/aqua-api-introduction */
const MOST_QUERIES = 50;
const MOST_JOBS = 50;

type Status = "submitted" | "executing" | "completed" | "aborted" | "cancelled";

interface Batch {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly full: boolean;
  /** Null for a query that the job will fail on, with the reason. */
  readonly result: Export | null;
  readonly message: string | null;
  readonly files: readonly string[];
}

interface Job {
  readonly id: string;
  readonly request: Request;
  readonly startedAt: number;
  readonly batches: readonly Batch[];
  status: Status;
}

interface Request {
  readonly name?: string;
  readonly partner?: string;
  readonly project?: string;
  readonly version?: string;
  readonly incrementalTime?: string;
  readonly dateTimeUtc?: string;
  readonly useQueryLabels?: string;
  readonly queries?: readonly Query[];
}

interface Query {
  readonly name: string;
  readonly query: string;
  readonly type: string;
  readonly deleted?: { readonly column: string };
}

export interface Aqua {
  submit(call: Call): Reply;
  look(id: string): Reply;
  remove(id: string): Reply;
}

export function makeAqua(worldNow: () => World, files: Files): Aqua {
  const jobs = new Map<string, Job>();
  /** When a session's query was last answered, by partner, project and query. */
  const sessions = new Map<string, number>();
  let made = 0;
  const jobOf = (id: string): Job => {
    const job = jobs.get(id);
    if (!job) throw aquaError("90002", "The job does not exist.");
    return job;
  };
  const runQuery = (request: Request, asked: Query, world: World): Batch => {
    const { partner, project, incrementalTime, version } = request;
    const isStateful = Number(version) >= 1.1 && Boolean(partner && project);
    const session = JSON.stringify([partner, project, asked.query, asked.deleted]);
    const last = isStateful ? sessions.get(session) : undefined;
    const since = isStateful && incrementalTime ? fromLocal(incrementalTime) : (last ?? null);
    // The first answer of a session has no deleted rows.
    const showsDeleted = asked.deleted !== undefined && !(isStateful && since === null);
    const result = runExport(asked.query, world, {
      deletedColumn: asked.deleted?.column ?? null,
      since,
      api: "aqua",
      utc: request.dateTimeUtc === "true",
      queryLabels: request.useQueryLabels === "true",
      hidesDeleted: !showsDeleted,
    });
    if ("refused" in result) throw result.refused === "syntax" ? SYNTAX_ERROR : NO_DELETED;
    if (isStateful) sessions.set(session, world.now);
    const name = asked.name;
    const base = { id: zuoraId("Batch", ++made), name, query: asked.query, full: since === null };
    if ("field" in result) {
      const message = `Export failed: field ${result.field} is not supported for export.`;
      return { ...base, result: null, message, files: [] };
    }
    const ids: string[] = [];
    for (let from = 0; from === 0 || from < result.rows; from += SEGMENT_ROWS) {
      ids.push(files.keep(result, from, Math.min(result.rows, from + SEGMENT_ROWS)));
    }
    return { ...base, result, message: null, files: ids };
  };
  return {
    submit: (call) => {
      const request = parse(call);
      const queries = request.queries ?? [];
      if (queries.length === 0) throw aquaError("90003", "The queries are empty.");
      if (queries.length > MOST_QUERIES) throw aquaError("90005", "Too many queries in a job.");
      const open = [...jobs.values()].filter(({ status }) => !hasEnded(status));
      if (open.length >= MOST_JOBS) throw aquaError("90006", "Too many jobs are being executed.");
      const world = worldNow();
      const batches = queries.map((query) => runQuery(request, query, world));
      const id = zuoraId("Job", ++made);
      const job: Job = { id, request, startedAt: world.now, batches, status: "submitted" };
      jobs.set(id, job);
      return jsonReply(200, describe(job));
    },
    look: (id) => {
      const job = jobOf(id);
      if (job.status === "executing") {
        job.status = job.batches.every(({ result }) => result) ? "completed" : "aborted";
      }
      if (job.status === "submitted") job.status = "executing";
      return jsonReply(200, describe(job));
    },
    remove: (id) => {
      const job = jobOf(id);
      if (!hasEnded(job.status)) job.status = "cancelled";
      for (const { files: ids } of job.batches) for (const file of ids) files.remove(file);
      return jsonReply(200, describe(job));
    },
  };
}

const SYNTAX_ERROR = aquaError(
  "90008",
  "There is a syntax error in one of the queries in the AQuA input",
);
const NO_DELETED = aquaError(
  "90009",
  "Objects included in the queries do not support the querying of deleted records. Remove Deleted section in the JSON request and retry the request",
);

function hasEnded(status: Status): boolean {
  return status === "completed" || status === "aborted" || status === "cancelled";
}

/** https://developer.zuora.com/v1-api-reference/api/operation/GET_BatchQueryJob/ */
function describe({ id, request, batches, status, startedAt }: Job): Record<string, unknown> {
  const { name, partner, project, version, incrementalTime } = request;
  return {
    ...{ partner, project, incrementalTime, name, id, status, encrypted: "none", format: "CSV" },
    version: Number(version ?? 1),
    // The vendor's word for a job that could not be carried out.
    ...(status === "aborted" ? { status: "error" } : {}),
    startTime: new Date(startedAt).toISOString(),
    batches: batches.map((batch) => ({
      batchId: batch.id,
      name: batch.name,
      query: batch.query,
      full: batch.full,
      batchType: "zoqlexport",
      apiVersion: "69.0",
      localizedStatus: status,
      status: status === "submitted" ? "pending" : status,
      ...(status === "aborted" && batch.message !== null ? { message: batch.message } : {}),
      ...(status === "completed" ? resultOf(batch) : {}),
    })),
  };
}

function resultOf({ files, result }: Batch): Record<string, unknown> {
  const recordCount = result!.rows;
  return files.length === 1 ? { recordCount, fileId: files[0] } : { recordCount, segments: files };
}

function parse(call: Call): Request {
  try {
    const body: unknown = JSON.parse(call.body);
    if (typeof body === "object" && body !== null) return body as Request;
  } catch {
    // Falls through to the vendor's own refusal.
  }
  throw aquaError("90001", "The JSON input is malformed.");
}
