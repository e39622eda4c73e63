/** An object's query jobs of Bulk API 2.0. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Download, HttpClient } from "@bizops/http-client";
import { ContractError, type JsonObject, type Log, type Row } from "@bizops/singer";
import { type BulkJobs, type JobLook, type JobPart, readCsvPages } from "@bizops/tap-kit-bulk";
import type { BulkAllowance } from "./bulk-allowance.ts";
import { cellConverter } from "./convert-cell.ts";
import type { ObjectDescribe } from "./describe.ts";
import { JobGoneError, NotInBulkError, QueryLocatorExpiredError } from "./read-error.ts";
import { type Query, renderQuery } from "./soql.ts";

/** What the jobs of one object are made from. */
export interface BulkAccess {
  readonly client: HttpClient;
  readonly describe: ObjectDescribe;
  readonly apiVersion: string;
  readonly allowance: BulkAllowance;
  readonly fields: readonly string[];
  /** The replication key; absent: jobs for all rows. */
  readonly key?: string;
  readonly log: Log;
}

/** Rows in one part of a job's results: what is fetched again when it came broken. */
const partRows = 20_000;

/** How often a part whose rows do not add up is fetched. */
const mostFetches = 3;

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm */
export function createBulkJobs(access: BulkAccess): BulkJobs {
  const { client, describe, apiVersion, key, allowance, log } = access;
  const object = describe.name;
  const path = `/services/data/v${apiVersion}/jobs/query`;
  // The key column comes first, so that it tells a header row from a row.
  const fields = ["Id", ...access.fields.filter((name) => name !== "Id")];
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([apiVersion, object, fields]))
    .digest("hex")
    .slice(0, 12);

  const fetchPart = async (id: string, locator: string | undefined) => {
    const download = await client.download({
      url: `${path}/${id}/results`,
      template: `${path}/{id}/results of ${object}`,
      params: { maxRecords: partRows, locator },
    });
    allowance.fetched(download.size);
    return download;
  };
  async function* readPart(
    fetched: Promise<Download>,
    fetchAgain: () => Promise<Download>,
  ): AsyncGenerator<JobPart> {
    let delivered = 0;
    for (let fetches = 1; ; fetches += 1) {
      const download = await (fetches === 1 ? fetched : fetchAgain());
      try {
        const next = nextLocator(download);
        let held: readonly Row[] = [];
        let count = 0;
        for await (const rows of readRows(download, fields, describe)) {
          if (held.length > 0) yield { records: held };
          delivered += held.length;
          held = rows.slice(Math.max(0, delivered - count));
          count += rows.length;
        }
        checkCount(download, count, object);
        yield { records: held, ...(next !== undefined && { next }) };
        return;
      } catch (error) {
        if (!(error instanceof ContractError) || fetches >= mostFetches) throw error;
        log.warning(`${object}: a part of a bulk job came broken and is fetched again`);
      } finally {
        await download.close();
      }
    }
  }
  /** While one part is read the next one is on its way. */
  async function* readParts(id: string, from: string | undefined): AsyncGenerator<JobPart> {
    let locator = from;
    let coming: Promise<Download> | undefined = fetchPart(id, locator);
    try {
      while (coming !== undefined) {
        const fetched: Promise<Download> = coming;
        coming = undefined;
        const next = nextLocator(await fetched);
        if (next !== undefined) coming = fetchPart(id, next);
        coming?.catch(() => {});
        const at = locator;
        yield* readPart(fetched, () => fetchPart(id, at));
        locator = next;
      }
    } finally {
      await coming?.then(
        (download) => download.close(),
        () => {},
      );
    }
  }
  return {
    async submit(window) {
      await allowance.spend();
      const by = key === undefined ? {} : { by: { key, ...window, unordered: true } };
      const query: Query = { object, fields, ...by };
      const { data } = await client.request({
        method: "POST",
        url: path,
        template: `${path} of ${object}`,
        body: { operation: "queryAll", query: renderQuery(query) },
        parse: "json",
        // Should an answer be lost there is a job too many, which is a row of the day's allowance and no harm.
        idempotent: true,
      });
      const { id } = (data ?? {}) as JsonObject;
      if (typeof id !== "string") {
        throw new ContractError(`${object}: Salesforce's answer to a bulk job has no id`);
      }
      // A later run must not take up a job whose columns are not its own.
      return `${id}/${fingerprint}`;
    },
    async look(name) {
      const [id, made] = name.split("/") as [string, string | undefined];
      if (made !== fingerprint) return { state: "gone", reason: "other fields are selected now" };
      const template = `${path}/{id} of ${object}`;
      try {
        const { data } = await client.request({ url: `${path}/${id}`, template, parse: "json" });
        return readState((data ?? {}) as JsonObject, object);
      } catch (error) {
        if (error instanceof JobGoneError) return { state: "gone", reason: "deleted or expired" };
        throw error;
      }
    },
    async *read(name, part) {
      const id = name.split("/")[0] as string;
      try {
        yield* readParts(id, part);
      } catch (error) {
        if (!(error instanceof QueryLocatorExpiredError)) throw error;
        log.warning(`${object}: a bulk job's results are read from their start again`);
        yield* readParts(id, undefined);
      }
    },
  };
}

/** A job that failed says why in words that may quote the query; only their code is told. */
function readState({ state, errorMessage }: JsonObject, object: string): JobLook {
  switch (state) {
    case "JobComplete":
      return { state: "done" };
    case "Aborted":
      return { state: "gone", reason: "aborted" };
    case "Failed": {
      const message = String(errorMessage);
      const reason = /^\w{1,64}/.exec(message)?.[0] ?? "failed";
      if (/not supported (by|in) (the )?bulk/i.test(message)) {
        throw new NotInBulkError(`${object} cannot be read by the Bulk API (${reason})`);
      }
      const isTooLarge = /QUERY_TIMEOUT|Retried more than/i.test(message);
      return { state: isTooLarge ? "too-large" : "gone", reason };
    }
    default:
      return { state: "running" };
  }
}

/** The locator is the word `null` on the last part. */
function nextLocator({ headers }: Download): string | undefined {
  const locator = headers["sforce-locator"];
  return locator === undefined || locator === "null" ? undefined : locator;
}

/** Nothing else tells of a body that was cut off between two rows. */
function checkCount({ headers }: Download, count: number, object: string): void {
  const expected = headers["sforce-numberofrecords"];
  if (expected === undefined || Number(expected) === count) return;
  throw new ContractError(
    `${object}: a part of a bulk job has ${count} rows and should have ${expected}`,
  );
}

/** Salesforce may leave the header out of all parts but the first. */
async function* readRows(
  download: Download,
  fields: readonly string[],
  { name, fields: described }: ObjectDescribe,
): AsyncGenerator<Row[]> {
  if (download.size === 0) return;
  const typeOf = new Map(described.map((field) => [field.name, field.type]));
  const wanted = new Set(fields);
  yield* readCsvPages(Readable.from(withHeader(download.open(), fields)), {
    columns: (header) =>
      wanted.has(header)
        ? {
            property: header,
            convert: cellConverter(`${name}.${header}`, typeOf.get(header) ?? "string"),
          }
        : undefined,
    nullText: "",
    quotedNull: true,
  });
}

async function* withHeader(
  source: AsyncIterable<Buffer>,
  fields: readonly string[],
): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of source) {
    if (isFirst && !/^(?:\uFEFF)?"?Id"?[,\r\n]/.test(chunk.toString("utf8", 0, 16))) {
      yield Buffer.from(`${fields.join(",")}\n`);
    }
    isFirst = false;
    yield chunk;
  }
}
