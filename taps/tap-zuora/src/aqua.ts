/** AQuA as an export API: jobs of one query each, stateless with our own bookmarks or in a session of Zuora's. */
import type { HttpClient } from "@bizops/http-client";
import { ContractError, type JsonObject, type JsonValue, UnavailableError } from "@bizops/singer";
import { deletedColumn, type ExportApi, type ExportLook } from "./export-api.ts";
import { type ExportQuery, renderQuery, toPacific } from "./export-query.ts";
import { RefusedQueryError } from "./read-error.ts";

const path = "/v1/batch-query/";

/** @param partnerId for stateful mode */
export function createAquaApi(client: HttpClient, partnerId: string | undefined): ExportApi {
  return {
    client,
    fileTemplate: "/v1/file/{id}",
    async submit(query, withDeleted) {
      const { data } = await client.request({
        method: "POST",
        url: path,
        template: `${path} of ${query.object}`,
        body: renderRequest(query, withDeleted, partnerId),
        parse: "json",
        // What comes of a job that nobody looks at is thrown away by Zuora.
        idempotent: true,
      });
      const { id, status, message, errorCode } = (data ?? {}) as JsonObject;
      if (status === "error") throw readRefusal(message, errorCode, query.object);
      if (typeof id === "string") return id;
      throw new ContractError(`POST ${path}: the answer has no id`);
    },
    async look(id) {
      const { data } = await client.request({
        url: `/v1/batch-query/jobs/${encodeURIComponent(id)}`,
        template: "/v1/batch-query/jobs/{id}",
        parse: "json",
      });
      return readLook((data ?? {}) as JsonObject);
    },
  };
}

/** https://developer.zuora.com/v1-api-reference/api/operation/POST_BatchQueryJob/ */
function renderRequest(
  query: ExportQuery,
  withDeleted: boolean,
  partnerId: string | undefined,
): JsonValue {
  const name = `bizops_${query.object}`;
  const { by, ...unbounded } = query;
  const isStateful = partnerId !== undefined && by !== undefined;
  const from = by?.window.from;
  return {
    name,
    ...(isStateful && { partner: partnerId, project: name }),
    // Our bookmark wins over the session's, which has moved on even if we never read what it brought.
    ...(isStateful && from !== undefined && { incrementalTime: toPacific(from) }),
    format: "csv",
    version: "1.2",
    encrypted: "none",
    useQueryLabels: "true",
    dateTimeUtc: "true",
    queries: [
      {
        name: query.object,
        // A session goes on only with the very same query.
        query: renderQuery(isStateful ? unbounded : query),
        type: "zoqlexport",
        ...(withDeleted && { deleted: { column: deletedColumn, format: "Boolean" } }),
      },
    ],
  };
}

function readRefusal(message: JsonValue | undefined, code: JsonValue | undefined, object: string) {
  const reason = String(message ?? "");
  const shown = /^\w{1,20}$/.test(String(code)) ? ` ${String(code)}` : "";
  if (/too many|concurren|exceed/i.test(reason)) {
    return new UnavailableError(
      `${object}: AQuA takes no more jobs now (error${shown}); run again later`,
    );
  }
  const text = `${object}: AQuA refuses the query (error${shown}); discover again, or deselect fields`;
  return new RefusedQueryError(text, reason);
}

/** https://developer.zuora.com/v1-api-reference/api/operation/GET_BatchQueryJob/ */
function readLook({ status, message, batches }: JsonObject): ExportLook {
  const batch = ((batches as readonly JsonObject[] | undefined)?.[0] ?? {}) as JsonObject;
  switch (status) {
    case "submitted":
    case "pending":
    case "executing":
      return { state: "running" };
    case "completed": {
      const { segments, fileId, recordCount } = batch;
      const files = Array.isArray(segments) && segments.length > 0 ? segments : [fileId];
      if (!files.every((file) => typeof file === "string") || !isCount(recordCount)) {
        throw new ContractError(
          "GET /v1/batch-query/jobs/{id}: a job without files or recordCount",
        );
      }
      return { state: "done", files, rows: Number(recordCount) };
    }
    default:
      return { state: "failed", reason: `${message ?? ""} ${batch.message ?? ""}` };
  }
}

function isCount(value: JsonValue | undefined): boolean {
  return /^\d+$/.test(String(value));
}
