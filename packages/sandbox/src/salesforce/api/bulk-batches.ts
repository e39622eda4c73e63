/** Bulk API 1.0 queries: jobs of batches. A batch is done when it is looked at for the second time. */
import type { Call, Reply } from "../../http/exchange.ts";
import { textReply } from "../../http/exchange.ts";
import { makeLongBody } from "../../http/long-body.ts";
import type { Route } from "../../http/routes.ts";
import type { World } from "../../world/world.ts";
import { bindQuery } from "../bind-query.ts";
import type { Field } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { findObject } from "../objects/all-objects.ts";
import { recordId } from "../record-id.ts";
import { csvHeader, makeCsvWriter } from "../render-csv.ts";
import { runQuery } from "../run-query.ts";
import { parseSoql } from "../soql/parse-soql.ts";
import { VendorError } from "../vendor-error.ts";
import { refuseWhatBulkRefuses } from "./bulk-query.ts";

type Format = "JSON" | "XML";

interface Batch {
  readonly id: string;
  readonly fields: readonly Field[];
  readonly object: string;
  readonly positions: Uint32Array;
  rowAt(position: number): unknown;
  state: "Queued" | "Completed" | "NotProcessed";
}

interface Job {
  readonly id: string;
  readonly operation: "query" | "queryAll";
  readonly object: string;
  readonly contentType: "JSON" | "CSV";
  /** Rows in a chunk; null without PK chunking. */
  readonly chunkSize: number | null;
  readonly batches: Batch[];
  state: "Open" | "Closed";
}

const STYLE = { delimiter: ",", lineEnding: "\n" } as const;
const DEFAULT_CHUNK = 100_000;

/**
 * Job calls are answered in the format they came in, calls about a batch in that of the job's content.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_intro.htm
 */
export function makeBulkBatches(worldNow: () => World): readonly Route[] {
  const jobs = new Map<string, Job>();
  let made = 0;
  const jobOf = (id: string | undefined): Job => {
    const job = jobs.get((id ?? "").slice(0, 15));
    if (!job) throw new VendorError(400, "InvalidJob", "Unable to find job");
    return job;
  };
  const batchOf = (job: Job, id: string | undefined): Batch => {
    const batch = job.batches.find((each) => each.id.startsWith((id ?? "").slice(0, 15)));
    if (!batch) throw new VendorError(400, "InvalidBatch", "Unable to find batch");
    return batch;
  };
  const addBatches = (job: Job, soql: string): Batch => {
    const world = worldNow();
    const query = bindQuery(parseSoql(soql), soql, findObject);
    refuseWhatBulkRefuses(query);
    const table = query.object.table(world);
    const positions = runQuery(query, world, job.operation === "queryAll");
    const make = (rows: Uint32Array, state: Batch["state"]): Batch => {
      const batch: Batch = {
        id: recordId(PREFIX.BulkBatch, ++made),
        fields: query.fields,
        object: query.object.name,
        positions: rows,
        rowAt: (position) => table.row(position),
        state,
      };
      job.batches.push(batch);
      return batch;
    };
    if (job.chunkSize === null) return make(positions, "Queued");
    const original = make(new Uint32Array(), "NotProcessed");
    for (let from = 0; from < positions.length; from += job.chunkSize) {
      make(positions.subarray(from, from + job.chunkSize), "Queued");
    }
    return original;
  };
  const look = (batch: Batch): void => {
    if (batch.state === "Queued") batch.state = "Completed";
  };

  const root = "/services/async/{version}/job";
  const route = (method: string, template: string, answer: Route["answer"]): Route => ({
    method,
    template: root + template,
    answer,
  });
  return [
    route("POST", "", (call) => {
      const job = makeJob(call, recordId(PREFIX.BulkJob, ++made));
      jobs.set(job.id.slice(0, 15), job);
      return render(formatOf(call), "jobInfo", describeJob(job), 201);
    }),
    route("POST", "/{id}", (call, { id }) => {
      const job = jobOf(id);
      if (read(call, "state") === "Closed") job.state = "Closed";
      return render(formatOf(call), "jobInfo", describeJob(job));
    }),
    route("GET", "/{id}", (call, { id }) =>
      render(formatOf(call), "jobInfo", describeJob(jobOf(id))),
    ),
    route("POST", "/{id}/batch", (call, { id }) => {
      const job = jobOf(id);
      const batch = addBatches(job, soqlOf(call));
      return render(contentOf(job), "batchInfo", describeBatch(job, batch), 201);
    }),
    route("GET", "/{id}/batch", (_call, { id }) => {
      const job = jobOf(id);
      for (const batch of job.batches) look(batch);
      const batchInfo = job.batches.map((batch) => describeBatch(job, batch));
      return render(contentOf(job), "batchInfoList", { batchInfo });
    }),
    route("GET", "/{id}/batch/{batch}", (_call, { id, batch }) => {
      const job = jobOf(id);
      const found = batchOf(job, batch);
      const described = describeBatch(job, found);
      look(found);
      return render(contentOf(job), "batchInfo", described);
    }),
    route("GET", "/{id}/batch/{batch}/result", (_call, { id, batch }) => {
      const job = jobOf(id);
      const result = [`752${batchOf(job, batch).id.slice(3)}`];
      return contentOf(job) === "JSON"
        ? textReply(200, JSON.stringify(result), "application/json;charset=UTF-8")
        : render("XML", "result-list", { result });
    }),
    route("GET", "/{id}/batch/{batch}/result/{result}", (_call, { id, batch }) => {
      const job = jobOf(id);
      return renderRows(job, batchOf(job, batch));
    }),
  ];
}

function makeJob(call: Call, id: string): Job {
  const operation = read(call, "operation");
  const contentType = read(call, "contentType") ?? "XML";
  const object = read(call, "object") ?? "";
  if (operation !== "query" && operation !== "queryAll") {
    throw new VendorError(400, "InvalidJob", `Operation ${operation} is not served here`);
  }
  if (contentType !== "JSON" && contentType !== "CSV") {
    throw new VendorError(400, "InvalidJob", `Content type ${contentType} is not served here`);
  }
  const chunking = call.headers["sforce-enable-pkchunking"];
  const size = Number(/chunkSize=(\d+)/i.exec(chunking ?? "")?.[1] ?? DEFAULT_CHUNK);
  const isChunked = chunking !== undefined && !/^false$/i.test(chunking);
  const chunkSize = isChunked ? size : null;
  return { id, operation, object, contentType, chunkSize, batches: [], state: "Open" };
}

function describeJob(job: Job): Record<string, unknown> {
  const { id, operation, object, state, contentType, batches } = job;
  const numberBatchesCompleted = batches.filter((batch) => batch.state === "Completed").length;
  return {
    id,
    operation,
    object,
    state,
    contentType,
    concurrencyMode: "Parallel",
    numberBatchesTotal: batches.length,
    numberBatchesCompleted,
    numberBatchesFailed: 0,
  };
}

function describeBatch(job: Job, { id, state, positions }: Batch): Record<string, unknown> {
  const numberRecordsProcessed = state === "Completed" ? positions.length : 0;
  return { id, jobId: job.id, state, numberRecordsProcessed, numberRecordsFailed: 0 };
}

function renderRows(job: Job, { fields, positions, rowAt, object }: Batch): Reply {
  const body = makeLongBody();
  if (job.contentType === "CSV") {
    if (positions.length === 0) {
      return textReply(200, "Records not found for this query", "text/csv;charset=UTF-8");
    }
    const write = makeCsvWriter(fields, STYLE);
    body.add(csvHeader(fields, STYLE));
    for (const position of positions) body.add(write(rowAt(position)));
    return textReply(200, body.bytes(), "text/csv;charset=UTF-8");
  }
  const attributes = JSON.stringify({ type: object });
  let separator = "[";
  for (const position of positions) {
    const row = rowAt(position);
    // Dates and date-times are milliseconds since 1970 here, as the fields have them.
    const cells = fields.map((field) => `"${field.name}":${JSON.stringify(field.read(row))}`);
    body.add(`${separator}{"attributes":${attributes},${cells.join(",")}}`);
    separator = ",";
  }
  body.add(positions.length === 0 ? "[]" : "]");
  return textReply(200, body.bytes(), "application/json;charset=UTF-8");
}

export function formatOf(call: Call): Format {
  const type = call.headers["content-type"] ?? call.headers.accept ?? "";
  return type.includes("json") ? "JSON" : "XML";
}

function contentOf({ contentType }: Job): Format {
  return contentType === "JSON" ? "JSON" : "XML";
}

/** One value of a body in either format. */
function read(call: Call, name: string): string | undefined {
  if (formatOf(call) === "XML") {
    return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(call.body)?.[1];
  }
  try {
    const value = (JSON.parse(call.body) as Record<string, unknown>)[name];
    return value === undefined ? undefined : String(value);
  } catch {
    throw new VendorError(400, "InvalidJob", "the body is not JSON");
  }
}

/** Some clients send the query as a JSON text. */
function soqlOf({ body }: Call): string {
  return body.startsWith('"') ? (JSON.parse(body) as string) : body;
}

export function render(
  format: Format,
  element: string,
  value: Record<string, unknown>,
  status = 200,
): Reply {
  if (format === "JSON") {
    return textReply(status, JSON.stringify(value), "application/json;charset=UTF-8");
  }
  const name = "http://www.force.com/2009/06/asyncapi/dataload";
  const xml = `<?xml version="1.0" encoding="UTF-8"?><${element} xmlns="${name}">${inXml(value)}</${element}>`;
  return textReply(status, xml, "application/xml;charset=UTF-8");
}

function inXml(value: Record<string, unknown>): string {
  return Object.entries(value)
    .flatMap(([name, inner]) => [inner].flat().map((each) => ({ name, each })))
    .map(({ name, each }) => {
      const isObject = typeof each === "object" && each !== null;
      const text = isObject ? inXml(each as Record<string, unknown>) : escapeXml(String(each));
      return `<${name}>${text}</${name}>`;
    })
    .join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
