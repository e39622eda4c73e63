/** An object as a stream, and the choice by which API it is read. */
import type { HttpClient } from "@bizops/http-client";
import type { Page, ReadRun, Replication, Stream } from "@bizops/tap-kit";
import type { BulkAllowance } from "./bulk-allowance.ts";
import { createBulkJobs } from "./bulk-jobs.ts";
import { defaultObjects } from "./default-objects.ts";
import type { ObjectDescribe } from "./describe.ts";
import { planField } from "./field-schema.ts";
import { createObjectReader } from "./object-reader.ts";
import { readChangesInBulk, readWholeInBulk } from "./read-bulk.ts";
import { BulkAllowanceError, NotInBulkError } from "./read-error.ts";
import { type LeftOver, readChanges, readWhole } from "./read-rest.ts";
import { planRefresh } from "./refresh-calculated.ts";
import type { SalesforceSettings } from "./settings.ts";

/** The first of these that an object has says when a row changed, or at least when it came. */
const replicationKeys = ["SystemModstamp", "LastModifiedDate", "CreatedDate", "LoginTime"];

/** A job takes half a minute at least, in which the REST API gives about that many pages. */
const mostRestPages = 10;

/**
 * The end of a bulk window lies up to one second beyond the newest row; see `readChangesInBulk`. Whichever API
 * reads next must look back that far.
 */
const leastLookbackSeconds = 1;

/** The connection the streams of a run share. */
export interface Connection {
  readonly client: HttpClient;
  readonly allowance: BulkAllowance;
  readonly settings: SalesforceSettings;
}

export function createQueryStream(object: ObjectDescribe, connection: Connection): Stream {
  const { settings } = connection;
  const hasPersonAccounts = object.fields.some(({ name }) => name === "IsPersonAccount");
  const plans = object.fields.map((field) => ({
    ...planField(object.name, field, hasPersonAccounts, settings.selectCustomText),
    name: field.name,
  }));
  const calculated = new Set(
    object.fields.filter((field) => field.calculated).map(({ name }) => name),
  );
  return {
    name: object.name,
    schema: {
      type: "object",
      description: object.label,
      properties: Object.fromEntries(plans.map(({ name, schema }) => [name, schema])),
    },
    key: ["Id"],
    replication: chooseReplication(object),
    selectedByDefault: defaultObjects.has(object.name),
    unselectedFields: plans.filter((plan) => !plan.selectedByDefault).map(({ name }) => name),
    unsupportedFields: Object.fromEntries(
      plans.flatMap(({ name, unsupported }) => (unsupported ? [[name, unsupported]] : [])),
    ),
    async *read(given) {
      const hours = settings.refreshCalculatedAfterHours;
      const hasCalculated = given.fields.some((name) => calculated.has(name));
      const { run, note } = planRefresh(given, hasCalculated, hours, Date.now());
      for await (const page of readObject(object, connection, run)) {
        yield page.bookmark ? { ...page, bookmark: { ...page.bookmark, ...note } } : page;
      }
    },
  };
}

function chooseReplication({ fields }: ObjectDescribe): Replication {
  const dateTimes = new Set(fields.filter(({ type }) => type === "datetime").map((f) => f.name));
  const key = replicationKeys.find((name) => dateTimes.has(name));
  return key === undefined ? { method: "FULL_TABLE" } : { method: "INCREMENTAL", key };
}

async function* readObject(
  describe: ObjectDescribe,
  { client, allowance, settings }: Connection,
  run: ReadRun,
): AsyncGenerator<Page> {
  const { apiVersion } = settings;
  const { fields, log, replication } = run;
  const key = replication.method === "INCREMENTAL" ? replication.key : undefined;
  const lookback = Math.max(leastLookbackSeconds, settings.lookbackSeconds);
  const reader = createObjectReader(describe, client, apiVersion);
  const byRest = (from: ReadRun, mostPages?: number) => {
    const reading = { reader, run: from, ...(mostPages !== undefined && { mostPages }) };
    return key === undefined ? readWhole(reading) : readChanges(reading, key, lookback);
  };
  const inBulk = (from: ReadRun) => {
    const access = { client, describe, apiVersion, allowance, fields, log };
    const jobs = createBulkJobs({ ...access, ...(key !== undefined && { key }) });
    const reading = { reader, jobs, run: from };
    return key === undefined ? readWholeInBulk(reading) : readChangesInBulk(reading, key, lookback);
  };

  // One record is wanted, which no job gives as quickly.
  if (settings.apiType === "rest" || run.limit !== undefined) return yield* byRest(run);
  if (settings.apiType === "bulk2") return yield* inBulk(run);
  let left: LeftOver | undefined = run;
  if (run.bookmark?.job === undefined) left = yield* byRest(run, mostRestPages);
  if (left === undefined) return;
  const rest: ReadRun = { ...run, ...left };
  try {
    yield* inBulk(rest);
  } catch (error) {
    if (!(error instanceof NotInBulkError || error instanceof BulkAllowanceError)) throw error;
    log.info(`${describe.name}: read by the REST API, since the Bulk API cannot: ${error.message}`);
    yield* byRest(rest);
  }
}
