/** The REST API's exports as an export API: one query, one file, no deleted rows. */
import type { HttpClient } from "@bizops/http-client";
import { ContractError, type JsonObject } from "@bizops/singer";
import type { ExportApi, ExportLook } from "./export-api.ts";
import { renderQuery } from "./export-query.ts";

const path = "/v1/object/export";

/** https://developer.zuora.com/v1-api-reference/older-api/operation/Object_POSTExport/ */
export function createObjectExportApi(client: HttpClient): ExportApi {
  return {
    client,
    fileTemplate: "/v1/files/{id}",
    async submit(query) {
      const { data } = await client.request({
        method: "POST",
        url: path,
        template: `${path} of ${query.object}`,
        body: { Format: "csv", Query: renderQuery(query) },
        parse: "json",
        idempotent: true,
      });
      const { Id } = (data ?? {}) as JsonObject;
      if (typeof Id === "string") return Id;
      throw new ContractError(`POST ${path}: the answer has no Id`);
    },
    async look(id) {
      const { data } = await client.request({
        url: `${path}/${encodeURIComponent(id)}`,
        template: `${path}/{id}`,
        parse: "json",
      });
      return readLook((data ?? {}) as JsonObject);
    },
  };
}

function readLook({ Status, StatusReason, FileId, Size }: JsonObject): ExportLook {
  switch (Status) {
    case "Pending":
    case "Processing":
      return { state: "running" };
    case "Completed":
      if (typeof FileId !== "string") throw new ContractError(`GET ${path}/{id}: no FileId`);
      return {
        state: "done",
        files: [FileId],
        ...(typeof Size === "number" && { bytes: Size }),
      };
    default:
      return { state: "failed", reason: String(StatusReason ?? "") };
  }
}
