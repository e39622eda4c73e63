/** `_rejected`: rows no table could take, with the reason. */
import type { Rejection } from "@bizops/target-kit";
import type { ClientBase } from "pg";
import { quote } from "../schema/render-ddl.ts";
import { copyRows } from "./copy-rows.ts";
import { encodeJson, replaceUnstorable } from "./encode-value.ts";
import { ensureTable } from "./own-tables.ts";

/** Keeps rejected rows, in the transaction of the good ones around them. */
export async function keepRejections(
  client: ClientBase,
  schema: string,
  rejections: readonly Rejection[],
): Promise<void> {
  if (rejections.length === 0) return;
  const table = await ensureTable(client, schema, "_rejected", [
    "stream text NOT NULL",
    "reason text NOT NULL",
    "record jsonb NOT NULL",
    `${quote("time")} timestamptz NOT NULL DEFAULT now()`,
  ]);
  const rows = rejections.map(({ stream, reason, record }) => [
    replaceUnstorable(stream),
    replaceUnstorable(reason),
    encodeJson(record),
  ]);
  await copyRows(client, `COPY ${table} (stream, reason, record) FROM STDIN`, rows);
}
