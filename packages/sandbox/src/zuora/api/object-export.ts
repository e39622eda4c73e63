/** Exports by the CRUD API: one query, one file, in the tenant's time zone. Each look moves one a state further. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import type { World } from "../../world/world.ts";
import { zuoraId } from "../record-id.ts";
import { type Export, runExport } from "../run-export.ts";
import { makeLocalWriter } from "../time-zone.ts";
import { invalidValue } from "../vendor-error.ts";
import type { Files } from "./files.ts";

interface Job {
  readonly id: string;
  readonly query: string;
  readonly result: Export;
  readonly createdAt: number;
  readonly fileId: string;
  status: "Pending" | "Processing" | "Completed";
}

export interface ObjectExport {
  create(call: Call): Reply;
  look(id: string): Reply;
}

export function makeObjectExport(worldNow: () => World, files: Files): ObjectExport {
  const jobs = new Map<string, Job>();
  const local = makeLocalWriter();
  let made = 0;
  return {
    create: (call) => {
      const { Format, Query } = parse(call);
      if (Format !== "csv") throw invalidValue("The export format is invalid.");
      const world = worldNow();
      const result = runExport(String(Query), world, {
        ...{ deletedColumn: null, hidesDeleted: true, since: null },
        ...{ api: "export", utc: false, queryLabels: false },
      });
      if ("refused" in result) throw invalidValue("The export query is invalid.");
      if ("field" in result) {
        throw invalidValue(`The field ${result.field} is not supported for export.`);
      }
      const id = zuoraId("Job", 1_000_000 + ++made);
      const fileId = files.keep(result, 0, result.rows);
      jobs.set(id, {
        ...{ id, query: String(Query), result, createdAt: world.now, fileId, status: "Pending" },
      });
      return jsonReply(200, { Success: true, Id: id });
    },
    look: (id) => {
      const job = jobs.get(id);
      if (!job) throw invalidValue("The export does not exist.");
      if (job.status === "Processing") job.status = "Completed";
      if (job.status === "Pending") job.status = "Processing";
      const createdAt = local(job.createdAt);
      return jsonReply(200, {
        ...{ Id: job.id, Query: job.query, Format: "csv", Status: job.status, Name: null },
        ...{ CreatedDate: createdAt, UpdatedDate: createdAt, Encrypted: false, Zip: false },
        ...(job.status === "Completed" ? { FileId: job.fileId, StatusReason: null } : {}),
      });
    },
  };
}

function parse(call: Call): { Format?: unknown; Query?: unknown } {
  try {
    const body: unknown = JSON.parse(call.body);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // Falls through to the vendor's own refusal.
  }
  throw invalidValue("The request is not JSON.");
}
