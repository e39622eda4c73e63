/** `_rejected`: rows no table could take, with the reason. */
import { isLosslessNumber, type JsonValue, type Row } from "@bizops/singer";
import { RejectedRow, type Rejection } from "@bizops/target-kit";
import type { ClientBase } from "pg";
import { encodeJson, replaceUnstorable } from "../rows/encode-value.ts";
import { quote } from "../schema/render-ddl.ts";
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
  await client.query(
    `INSERT INTO ${table} (stream, reason, record)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[]::jsonb[])`,
    [
      rejections.map(({ stream }) => replaceUnstorable(stream)),
      rejections.map(({ reason }) => replaceUnstorable(reason)),
      rejections.map(({ record }) => encodeRecord(record)),
    ],
  );
}

/** What even jsonb cannot hold is why some rows are here: such numbers are kept as text. */
function encodeRecord(record: Row): string {
  try {
    return encodeJson(record, "record");
  } catch (error) {
    if (!(error instanceof RejectedRow)) throw error;
    return encodeJson(numbersAsText(record), "record");
  }
}

function numbersAsText(value: JsonValue): JsonValue {
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, numbersAsText(inner as JsonValue)]),
  );
}
