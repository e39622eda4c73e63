/** Bulk exports: jobs in one queue, of which two run; the queue moves each time anybody asks about it. */
import { createHash } from "node:crypto";
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import type { Params, Route } from "../../http/routes.ts";
import type { World } from "../../world/world.ts";
import { timeText } from "../ids.ts";
import { MarketoError, success } from "../vendor-error.ts";
import type { ExportFile, ExportRequest, PlanExport } from "./export-source.ts";

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/bulk-extract/bulk-extract */
const MOST_RUNNING = 2;
const MOST_QUEUED = 10;

type Status = "Created" | "Queued" | "Processing" | "Completed" | "Cancelled";

interface Job {
  readonly exportId: string;
  readonly object: string;
  readonly createdAt: number;
  readonly day: number;
  status: Status;
  run(): ExportFile;
  done: { readonly file: ExportFile; readonly size: number; readonly checksum: string } | null;
}

export interface BulkExportOptions {
  world(): World;
  /** Bytes that may be exported in a day of the company's clock. */
  readonly exportBytes: number;
  readonly plans: Readonly<Record<string, PlanExport>>;
}

export function makeBulkExport({ world, exportBytes, plans }: BulkExportOptions): Route[] {
  const jobs = new Map<string, Job>();
  const isQueued = ({ status }: Job): boolean => status === "Queued" || status === "Processing";

  const moveQueue = (): void => {
    const queue = [...jobs.values()];
    for (const job of queue) if (job.status === "Processing") complete(job);
    let running = 0;
    for (const job of queue) {
      if (job.status !== "Queued" || running === MOST_RUNNING) continue;
      job.status = "Processing";
      running++;
    }
  };
  const checkQuota = (): void => {
    const today = [...jobs.values()].filter(({ day }) => day === world().step);
    const used = today.reduce((sum, { done }) => sum + (done?.size ?? 0), 0);
    if (used >= exportBytes) throw new MarketoError("1029", "Export daily quota exceeded");
  };
  const jobOf = ({ object, id }: Params): Job => {
    const job = jobs.get(id!);
    if (job?.object !== object) throw new MarketoError("1003", "Export job not found");
    return job!;
  };
  const create = (call: Call, object: string): Reply => {
    const plan = plans[object];
    if (plan === undefined) throw new MarketoError("610", "Requested resource not found");
    checkQuota();
    const request = JSON.parse(call.body) as ExportRequest;
    const now = world();
    const exportId = `sandbox-export-${String(jobs.size + 1).padStart(6, "0")}`;
    const facts = { exportId, object, createdAt: now.now, day: now.step };
    const job: Job = { ...facts, status: "Created", run: plan(request, now), done: null };
    jobs.set(exportId, job);
    return success([show(job)]);
  };
  const enqueue = (params: Params): Reply => {
    const job = jobOf(params);
    moveQueue();
    checkQuota();
    if ([...jobs.values()].filter(isQueued).length >= MOST_QUEUED) {
      throw new MarketoError("1029", "Too many jobs in queue");
    }
    if (job.status !== "Created") throw new MarketoError("1003", "Job is already enqueued");
    job.status = "Queued";
    return success([show(job)]);
  };
  const look = (params: Params): Reply => {
    const job = jobOf(params);
    const shown = show(job);
    moveQueue();
    return success([shown]);
  };
  const cancel = (params: Params): Reply => {
    const job = jobOf(params);
    if (job.status === "Completed") throw new MarketoError("1003", "Job is already completed");
    job.status = "Cancelled";
    return success([show(job)]);
  };
  const file = (call: Call, params: Params): Reply => {
    const { done } = jobOf(params);
    return done === null ? jsonReply(404, {}) : answerFile(call, done);
  };
  const route = (method: string, rest: string, answer: Route["answer"]): Route => ({
    method,
    template: `/bulk/v1/{object}/export${rest}`,
    answer,
  });
  return [
    route("POST", "/create.json", (call, { object }) => create(call, object!)),
    route("GET", ".json", (_call, { object }) =>
      success([...jobs.values()].filter((job) => job.object === object).map(show)),
    ),
    route("POST", "/{id}/enqueue.json", (_call, params) => enqueue(params)),
    route("POST", "/{id}/cancel.json", (_call, params) => cancel(params)),
    route("GET", "/{id}/status.json", (_call, params) => look(params)),
    route("GET", "/{id}/file.json", file),
  ];
}

function complete(job: Job): void {
  const file = job.run();
  const hash = createHash("sha256");
  let size = 0;
  for (const bytes of encode(file.lines())) {
    hash.update(bytes);
    size += bytes.length;
  }
  job.done = { file, size, checksum: `sha256:${hash.digest("hex")}` };
  job.status = "Completed";
}

function show({ exportId, status, createdAt, done }: Job): object {
  const at = timeText(createdAt);
  return {
    exportId,
    format: "CSV",
    status,
    createdAt: at,
    ...(status === "Created" ? {} : { queuedAt: at }),
    ...(done === null
      ? {}
      : {
          startedAt: at,
          finishedAt: at,
          numberOfRecords: done.file.count,
          fileSize: done.size,
          fileChecksum: done.checksum,
        }),
  };
}

/** With a Range the rest from there on, as 206. */
function answerFile(call: Call, { file, size }: NonNullable<Job["done"]>): Reply {
  const [, from = "", until = ""] = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? "") ?? [];
  const type = { "content-type": "text/csv", "accept-ranges": "bytes" };
  const skip = Number(from || 0);
  if (from === "") return { status: 200, headers: type, body: "", more: encode(file.lines()) };
  if (skip >= size) {
    const headers = { ...type, "content-range": `bytes */${size}` };
    return { status: 416, headers, body: "" };
  }
  const end = Math.min(size, until === "" ? size : Number(until) + 1);
  const headers = { ...type, "content-range": `bytes ${skip}-${end - 1}/${size}` };
  return { status: 206, headers, body: "", more: cut(encode(file.lines()), skip, end) };
}

/** Lines as pieces that are worth sending. */
function* encode(lines: Iterable<string>): Generator<Buffer> {
  let text = "";
  for (const line of lines) {
    text += line;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

function* cut(pieces: Iterable<Buffer>, from: number, until: number): Generator<Buffer> {
  let at = 0;
  for (const piece of pieces) {
    const start = Math.max(0, from - at);
    const end = Math.min(piece.length, until - at);
    if (start < end) yield piece.subarray(start, end);
    at += piece.length;
    if (at >= until) return;
  }
}
