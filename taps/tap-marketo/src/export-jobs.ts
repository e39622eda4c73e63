/** Bulk exports as jobs: created, queued when looked at, fetched whole and checked before they count as done. */
import type { Download } from "@bizops/http-client";
import { ContractError, type JsonObject, type JsonValue, type Row } from "@bizops/singer";
import { type BulkJobs, type Column, type JobLook, readCsvPages } from "@bizops/tap-kit-bulk";
import { type MarketoApi, rowsOf } from "./marketo-api.ts";
import { QueueFullError, RefusedError } from "./read-error.ts";

/** What is exported, and what becomes of it. */
export interface ExportRequest {
  /** For messages. */
  readonly stream: string;
  readonly object: "leads" | "activities";
  /** Names of columns; each must have a `column`. */
  readonly fields: readonly string[];
  /** The filter that takes a range of time. */
  readonly rangeFilter: "createdAt" | "updatedAt";
  readonly moreFilters?: { readonly [name: string]: JsonValue };
  column(header: string): Column | undefined;
}

/** How often a file is fetched whose checksum is not the one Marketo gave. */
const mostDownloads = 3;

/**
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/bulk-extract/bulk-extract
 * A look at a finished export fetches its file too: Marketo may say Completed and yet have no file any more.
 */
export function createExportJobs(api: MarketoApi, request: ExportRequest): BulkJobs {
  const { stream, object } = request;
  const files = new Map<string, { readonly file: Download; readonly records: number }>();
  const call = async (method: "GET" | "POST", id: string, action: string): Promise<JsonObject> => {
    const answer = await api.call({
      method,
      url: `/bulk/v1/${object}/export/${id}/${action}.json`,
      template: `/bulk/v1/${object}/export/{id}/${action}.json`,
    });
    return rowsOf(answer)[0] ?? {};
  };

  const enqueue = async (id: string): Promise<JobLook> => {
    try {
      await call("POST", id, "enqueue");
    } catch (error) {
      if (error instanceof QueueFullError) return running;
      if (!(error instanceof RefusedError)) throw error;
      // Our first asking may have been carried out though its answer was lost.
      if ((await call("GET", id, "status")).status === "Created") throw error;
    }
    return running;
  };
  const fetchFile = async (id: string, job: JsonObject): Promise<JobLook> => {
    const records = Number(job.numberOfRecords);
    if (records === 0) return { state: "done" };
    for (let attempt = 1; attempt <= mostDownloads; attempt += 1) {
      const file = await api.download({
        url: `/bulk/v1/${object}/export/${id}/file.json`,
        template: `/bulk/v1/${object}/export/{id}/file.json`,
      });
      if (await isWhole(file, job)) {
        files.set(id, { file, records });
        return { state: "done" };
      }
      await file.close();
    }
    return { state: "gone", reason: "the file does not match its checksum" };
  };
  const look = async (id: string): Promise<JobLook> => {
    const job = await call("GET", id, "status");
    switch (job.status) {
      case "Created":
        return enqueue(id);
      case "Queued":
      case "Processing":
        return running;
      case "Completed":
        return fetchFile(id, job);
      default:
        return { state: "gone", reason: "cancelled or failed" };
    }
  };
  return {
    async submit({ from = "", before }) {
      const range = { startAt: toSeconds(from, Math.floor), endAt: toSeconds(before, Math.ceil) };
      const answer = await api.call({
        method: "POST",
        url: `/bulk/v1/${object}/export/create.json`,
        template: `/bulk/v1/${object}/export/create.json`,
        body: {
          format: "CSV",
          fields: request.fields,
          filter: { [request.rangeFilter]: range, ...request.moreFilters },
        },
      });
      const id = rowsOf(answer)[0]?.exportId;
      if (typeof id !== "string") throw new ContractError(`${stream}: the new export has no id`);
      return id;
    },
    look: (id) =>
      look(id).catch((error: unknown) => {
        if (error instanceof RefusedError) return { state: "gone", reason: error.message };
        throw error;
      }),
    async *read(id, part = "0") {
      const found = files.get(id);
      if (found === undefined) return;
      files.delete(id);
      try {
        yield* readParts(found.file, found.records, Number(part), request);
      } finally {
        await found.file.close();
      }
    },
  };
}

const running: JobLook = { state: "running" };

/** `sha256:...`; exports from before there were checksums have none. */
async function isWhole(file: Download, { fileChecksum }: JsonObject): Promise<boolean> {
  if (typeof fileChecksum !== "string") return true;
  return fileChecksum.replace(/^sha256:/, "").toLowerCase() === (await file.sha256());
}

/** A part is named for the number of rows before it. */
async function* readParts(
  file: Download,
  expected: number,
  skip: number,
  { stream, fields, column }: ExportRequest,
): AsyncGenerator<{ records: readonly Row[]; next?: string }> {
  const seen = new Set<string>();
  const columns = (header: string) => {
    seen.add(header);
    return column(header);
  };
  let at = 0;
  // "null" in quotes is a text that somebody wrote.
  for await (const rows of readCsvPages(file.open(), {
    columns,
    nullText: "null",
    quotedNull: false,
  })) {
    const records = rows.slice(Math.max(0, skip - at));
    at += rows.length;
    if (at < expected) yield { records, next: String(at) };
    else yield { records };
  }
  const missing = fields.filter((field) => !seen.has(field));
  if (missing.length > 0) {
    throw new ContractError(`${stream}: the export lacks the columns ${missing.join(", ")}`);
  }
  if (Number.isFinite(expected) && at !== expected) {
    throw new ContractError(
      `${stream}: the export has ${at} rows, not ${expected} as Marketo says`,
    );
  }
}

/** "Datetimes should be in an ISO-8601 format, without milliseconds." */
function toSeconds(time: string, round: (seconds: number) => number): string {
  const seconds = round(Date.parse(time) / 1000);
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
