/** One endpoint as a stream: its requests, its pages, its parents, its bookmark. */
import type { HttpClient } from "@bizops/http-client";
import { ContractError, type JsonObject, type JsonValue, type Row } from "@bizops/singer";
import type { Page, ReadRun } from "@bizops/tap-kit";
import { fillPlaceholders, lookUp } from "./look-up.ts";
import { noPages, type PageRequest, type Pages } from "./pages.ts";
import { rfc3339, type TimeFormat } from "./time-format.ts";

/** What functions of a stream are given; `{config.x}` and `{parent.x}` are looked up in it. */
export type Scope = { readonly config: JsonObject; readonly parent: Row };

/** A value, or a function that gives it: the whole way out where data does not suffice. */
export type OrFunction<T> = T | ((scope: Scope) => T);

export interface RestReplication {
  /** The property that grows whenever a row changes. */
  readonly key: string;
  /** The parameter that asks for rows from a time on. Absent: all are read, older ones left out. */
  readonly sendAs?: string;
  /** How the source spells times, in the parameter and in rows. Default: `rfc3339`. */
  readonly format?: TimeFormat;
  /** Whether rows come in the order of `key`; if not, the bookmark waits for the end. */
  readonly order: "ascending" | "any";
  /** Seconds before the bookmark from which a run reads again. Default: 0. */
  readonly overlapSeconds?: number;
}

/** The whole vocabulary of a REST stream. */
export interface RestStream {
  /** Below the base URL; may hold `{parent.x}` and `{config.x}`. */
  readonly path: string;
  readonly doc?: string;
  /** Where in an answer the records are. Default: the answer is their list. */
  readonly records?: string;
  readonly key?: readonly string[];
  readonly pages?: Pages;
  readonly params?: OrFunction<{ readonly [name: string]: string | number | boolean }>;
  /** Sent as JSON with POST. */
  readonly body?: OrFunction<JsonObject>;
  readonly replication?: RestReplication;
  /** The stream for each of whose rows this one is asked for. */
  readonly parent?: string;
  /**
   * Required with `parent`: children of parents that changed since the last run, which misses edits that do
   * not touch the parent; or of all parents, which costs a request for each.
   */
  readonly visits?: "parents-in-this-run" | "all-parents";
  /** Properties added from elsewhere: `{ order_id: "parent.id" }`. */
  readonly carry?: { readonly [property: string]: string };
  readonly map?: (row: Row, scope: Scope) => Row;
}

/** What reading needs beside the stream. */
export interface Surroundings {
  readonly client: HttpClient;
  readonly config: JsonObject;
  readonly streams: { readonly [name: string]: RestStream };
}

/** A stream's replication, or for children of changed parents the parent's, under its carried name. */
export function replicationOf(
  stream: RestStream,
  streams: Surroundings["streams"],
): RestReplication | undefined {
  if (stream.visits !== "parents-in-this-run") return stream.replication;
  const ofParent = replicationOf(streams[stream.parent ?? ""] as RestStream, streams);
  const carried = Object.entries(stream.carry ?? {}).find(
    ([, from]) => from === `parent.${ofParent?.key}`,
  );
  return ofParent && carried && { ...ofParent, key: carried[0] };
}

/** Reads pages with bookmarks, as `Stream.read` promises. */
export async function* readStream(
  stream: RestStream,
  around: Surroundings,
  run: ReadRun,
): AsyncGenerator<Page> {
  const replication =
    run.replication.method === "INCREMENTAL" ? replicationOf(stream, around.streams) : undefined;
  if (replication === undefined) {
    for await (const records of readRows(stream, around, undefined)) yield { records };
    return;
  }
  const { key, format = rfc3339, overlapSeconds = 0 } = replication;
  const timeOf = (row: Row) => format.parse(row[key] ?? null);
  const resumed = rfc3339.parse(run.bookmark?.[key] ?? null);
  const from =
    resumed === undefined ? rfc3339.parse(run.startDate ?? null) : resumed - overlapSeconds * 1000;
  const before = rfc3339.parse(run.endDate ?? null) ?? Number.POSITIVE_INFINITY;
  // What changed while we read may lie on a page already passed: the next run reads again from here.
  const latest = Date.now() - overlapSeconds * 1000;
  // Under each parent the order starts anew.
  const ordered = replication.order === "ascending" && stream.parent === undefined;
  let reached = resumed;
  const bookmark = () =>
    reached === undefined ? {} : { bookmark: { [key]: rfc3339.render(reached) } };

  for await (const rows of readRows(stream, around, from)) {
    const records = rows.filter((row) => (timeOf(row) ?? 0) < before);
    for (const time of records.map(timeOf)) {
      if (time !== undefined) reached = Math.max(reached ?? time, Math.min(time, latest));
    }
    yield { records, ...(ordered && bookmark()) };
  }
  yield { records: [], ...bookmark() };
}

/** The rows of a stream; for a child those under each of its parents. */
async function* readRows(
  stream: RestStream,
  around: Surroundings,
  from: number | undefined,
): AsyncGenerator<Row[]> {
  if (stream.parent === undefined) {
    yield* readPages(stream, around, from, {});
    return;
  }
  const parent = around.streams[stream.parent] as RestStream;
  const byParent = stream.visits === "parents-in-this-run";
  for await (const parents of readRows(parent, around, byParent ? from : undefined)) {
    for (const row of parents) {
      yield* readPages(stream, around, byParent ? undefined : from, row);
    }
  }
}

async function* readPages(
  stream: RestStream,
  { client, config }: Surroundings,
  from: number | undefined,
  parent: Row,
): AsyncGenerator<Row[]> {
  const { pages = noPages, replication, body } = stream;
  const scope: Scope = { config, parent };
  const path = fillPlaceholders(stream.path, scope, encodeURIComponent);
  const { key, format = rfc3339 } = replication ?? { key: "" };
  const isWanted = (row: Row) =>
    from === undefined || (format.parse(row[key] ?? null) ?? from) >= from;
  const since =
    replication?.sendAs === undefined || from === undefined
      ? {}
      : { [replication.sendAs]: (replication.format ?? rfc3339).render(from) };
  const params = { ...fillParams(settle(stream.params ?? {}, scope), scope), ...since };

  let next: PageRequest | undefined = pages.first;
  while (next !== undefined) {
    const asked: PageRequest = next;
    const { data, headers } = await client.request({
      url: asked.url ?? path,
      template: stream.path,
      ...(asked.url === undefined && { params: { ...params, ...asked.params } }),
      ...(body !== undefined && { method: "POST", body: settle(body, scope), idempotent: true }),
      parse: "json",
    });
    const rows = findRecords(data, stream);
    yield rows.filter(isWanted).map((row) => finish(row, stream, scope));
    next = pages.next({ data, headers, count: rows.length }, asked);
    if (next !== undefined && JSON.stringify(next) === JSON.stringify(asked)) {
      throw new ContractError(`${stream.path}: a page names itself as the next one`);
    }
  }
}

function findRecords(data: JsonValue, { records, path }: RestStream): readonly Row[] {
  const found = records === undefined ? data : lookUp(data, records);
  if (found === null) return [];
  if (!Array.isArray(found)) {
    throw new ContractError(`${path}: the answer has no list${records ? ` at ${records}` : ""}`);
  }
  return found;
}

function finish(row: Row, { carry = {}, map }: RestStream, scope: Scope): Row {
  const carried = Object.entries(carry).map(([name, path]) => [name, lookUp(scope, path) ?? null]);
  const whole = { ...row, ...Object.fromEntries(carried) };
  return map === undefined ? whole : map(whole, scope);
}

function settle<T>(value: OrFunction<T>, scope: Scope): T {
  return typeof value === "function" ? (value as (scope: Scope) => T)(scope) : value;
}

function fillParams(
  params: { readonly [name: string]: string | number | boolean },
  scope: Scope,
): { [name: string]: string | number | boolean } {
  const filled = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === "string" ? fillPlaceholders(value, scope) : value,
  ]);
  return Object.fromEntries(filled);
}
