/** REST queries: the first page, and further ones by locator. */
import type { Call, Reply } from "../../http/exchange.ts";
import { textReply } from "../../http/exchange.ts";
import { makeLongBody } from "../../http/long-body.ts";
import type { World } from "../../world/world.ts";
import { bindQuery } from "../bind-query.ts";
import { PREFIX } from "../key-prefixes.ts";
import { findObject } from "../objects/all-objects.ts";
import { recordId } from "../record-id.ts";
import { makeJsonWriter, type RowWriter } from "../render-json.ts";
import { runQuery } from "../run-query.ts";
import { parseSoql } from "../soql/parse-soql.ts";
import { malformedQuery, VendorError } from "../vendor-error.ts";

const LARGEST_BATCH = 2000;
const SMALLEST_BATCH = 200;
/** The vendor keeps a user's latest locators only. */
const MOST_CURSORS = 100;

/** The code under which a query that takes too long is given up. */
export const QUERY_TIMEOUT = "QUERY_TIMEOUT";

interface Cursor {
  readonly positions: Uint32Array;
  readonly write: RowWriter;
  rowAt(position: number): unknown;
  readonly batchSize: number;
}

export interface QueryPages {
  /** @param withHidden queryAll: deleted and archived rows too */
  first(call: Call, version: string, withHidden: boolean): Reply;
  next(locator: string, version: string): Reply;
}

/** @param largestQuery rows beyond which a query takes too long */
export function makeQueryPages(worldNow: () => World, largestQuery: number): QueryPages {
  const cursors = new Map<string, Cursor>();
  let made = 0;

  const page = (cursor: Cursor, id: string, from: number, version: string): Reply => {
    const { positions, write, rowAt } = cursor;
    const until = Math.min(positions.length, from + cursor.batchSize);
    const done = until >= positions.length;
    const body = makeLongBody();
    body.add(`{"totalSize":${positions.length},"done":${done}`);
    if (!done) body.add(`,"nextRecordsUrl":"/services/data/${version}/query/${id}-${until}"`);
    body.add(',"records":[');
    for (let n = from; n < until; n++) {
      if (n > from) body.add(",");
      body.add(write(rowAt(positions[n]!)));
    }
    body.add("]}");
    return textReply(200, body.bytes(), "application/json;charset=UTF-8");
  };

  const first = (call: Call, version: string, withHidden: boolean): Reply => {
    const soql = call.query.get("q");
    if (!soql) throw malformedQuery("unexpected token: '<EOF>'");
    const world = worldNow();
    const query = bindQuery(parseSoql(soql), soql, findObject);
    const positions = runQuery(query, world, withHidden);
    if (query.isCount) {
      const body = `{"totalSize":${positions.length},"done":true,"records":[]}`;
      return textReply(200, body, "application/json;charset=UTF-8");
    }
    if (positions.length > largestQuery) {
      throw new VendorError(400, QUERY_TIMEOUT, "Your query request was running for too long.");
    }
    const table = query.object.table(world);
    const cursor: Cursor = {
      positions,
      write: makeJsonWriter(query.object, query.fields, version),
      rowAt: (position) => table.row(position),
      batchSize: batchSizeOf(call),
    };
    const id = recordId(PREFIX.QueryLocator, ++made);
    if (positions.length > cursor.batchSize) {
      cursors.set(id, cursor);
      for (const old of cursors.keys()) {
        if (cursors.size <= MOST_CURSORS) break;
        cursors.delete(old);
      }
    }
    return page(cursor, id, 0, version);
  };

  const next = (locator: string, version: string): Reply => {
    const [, id, offset] = /^(\w{15,18})-(\d+)$/.exec(locator) ?? [];
    const cursor = id === undefined ? undefined : cursors.get(id);
    if (!cursor || Number(offset) > cursor.positions.length) {
      throw new VendorError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
    return page(cursor, id!, Number(offset), version);
  };
  return { first, next };
}

/** The vendor takes a size outside its bounds for the nearest one inside. */
function batchSizeOf(call: Call): number {
  const option = /batchSize\s*=\s*(\d+)/i.exec(call.headers["sforce-query-options"] ?? "");
  if (!option) return LARGEST_BATCH;
  return Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Number(option[1])));
}
