/** The two ways in which the vendor pages lists: tokens for the lead database, offsets for assets. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import { MarketoError, success } from "../vendor-error.ts";

const BATCH = 300;
const MOST_ASSETS = 200;

/** A token of the place in a list. */
export function placeToken(place: number): string {
  return `${Buffer.from(`place:${place}`).toString("base64url")}====`;
}

/** @throws MarketoError 1003 if it is no token of ours */
export function readPlace(token: string): number {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const place = /^place:(\d+)/.exec(text)?.[1];
  if (place === undefined) throw new MarketoError("1003", "Invalid nextPageToken");
  return Number(place);
}

export function readCount(call: Call, name: string, usual: number, most: number): number {
  const count = Number(call.query.get(name) ?? usual);
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new MarketoError("1003", `${name} must be a number up to ${most}`);
  }
  return count;
}

/** A page of the lead database's lists. */
export function answerBatch(call: Call, rows: readonly object[]): Reply {
  const size = readCount(call, "batchSize", BATCH, BATCH) || BATCH;
  const token = call.query.get("nextPageToken");
  const from = token === null ? 0 : readPlace(token);
  const until = Math.min(rows.length, from + size);
  const next = until < rows.length ? { nextPageToken: placeToken(until) } : {};
  return success(rows.slice(from, until), next);
}

/**
 * A page of assets. Behind the last one there is no result but a warning.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/assets/assets
 */
export function answerAssets(
  call: Call,
  count: number,
  rowAt: (n: number) => Record<string, unknown>,
): Reply {
  const most = readCount(call, "maxReturn", 20, MOST_ASSETS);
  const offset = readCount(call, "offset", 0, Number.MAX_SAFE_INTEGER);
  const size = Math.max(0, Math.min(most, count - offset));
  if (size === 0) return noAssets();
  const result = Array.from({ length: size }, (_none, n) => rowAt(offset + n));
  return jsonReply(200, { success: true, errors: [], requestId: "1#2", warnings: [], result });
}

function noAssets(): Reply {
  const warnings = ["No assets found for the given search criteria."];
  return jsonReply(200, { success: true, errors: [], requestId: "1#2", warnings });
}
