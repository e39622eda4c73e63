/** An object as a stream, read with SOQL over the REST API's queryAll. */
import type { HttpClient } from "@bizops/http-client";
import {
  ConfigError,
  ContractError,
  type JsonObject,
  type JsonValue,
  type Log,
  type Row,
  renderJson,
  UnavailableError,
} from "@bizops/singer";
import type { Page, ReadRun, Replication, Stream } from "@bizops/tap-kit";
import { defaultObjects } from "./default-objects.ts";
import type { ObjectDescribe } from "./describe.ts";
import { planField } from "./field-schema.ts";
import { QueryLocatorExpiredError } from "./read-error.ts";
import type { SalesforceSettings } from "./settings.ts";
import { type Query, renderQuery, secondsBefore, splitFields, toUtc } from "./soql.ts";

/** The first of these that an object has says when a row changed, or at least when it came. */
const replicationKeys = ["SystemModstamp", "LastModifiedDate", "CreatedDate", "LoginTime"];

/** How often a query may be begun anew without getting any further. */
const mostRestarts = 3;

export function createQueryStream(
  object: ObjectDescribe,
  client: HttpClient,
  settings: SalesforceSettings,
): Stream {
  const hasPersonAccounts = object.fields.some(({ name }) => name === "IsPersonAccount");
  const plans = object.fields.map((field) => ({
    ...planField(object.name, field, hasPersonAccounts, settings.selectCustomText),
    name: field.name,
  }));
  const reader = createReader(object, client, settings);
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
    read(run) {
      const { replication } = run;
      return replication.method === "INCREMENTAL"
        ? readChanges(reader, run, replication.key, settings.lookbackSeconds)
        : readWhole(reader, run);
    },
  };
}

function chooseReplication({ fields }: ObjectDescribe): Replication {
  const dateTimes = new Set(fields.filter(({ type }) => type === "datetime").map((f) => f.name));
  const key = replicationKeys.find((name) => dateTimes.has(name));
  return key === undefined ? { method: "FULL_TABLE" } : { method: "INCREMENTAL", key };
}

/**
 * Everything changed since the bookmark, oldest change first, with a bookmark on each page.
 *
 * A query's cursor holds which rows and in what order, but each page shows its rows as they are when it is
 * fetched. So a row that somebody edits while we page turns up among older rows with a time of now, and a
 * row that has been read already may get a time that lies before that. A bookmark taken from such a row
 * would jump over both the rows still to come and the edit already missed. Therefore:
 * - The first answer is one snapshot. Its last time is a good bookmark: whatever is edited later gets a
 *   time that is not smaller, and runs read from their bookmark inclusive.
 * - If there is more, we ask for the newest time the object has, the ceiling, and begin a query after that.
 *   Any edit the cursor does not know of happened after the ceiling was asked for, so its time is not below
 *   the ceiling. Rows below it stand in their order and move the bookmark; rows at or above it are handed
 *   on but do not move it. When the cursor is at its end everything up to the ceiling has been handed on.
 * - Edits after that have times from the ceiling on and are read by the next run. Transactions that set
 *   their time before they commit are what `lookback_window` is for.
 */
async function* readChanges(
  reader: Reader,
  run: ReadRun,
  key: string,
  lookbackSeconds: number,
): AsyncGenerator<Page> {
  const { fields, limit, log } = run;
  const resumed = readBookmark(run, key);
  const before = run.endDate === undefined ? undefined : toUtc(run.endDate);
  const groups = splitFields(fields, ["Id", key]);
  const query = (from: string | undefined): Query => ({
    object: reader.object,
    fields: groups.length === 1 ? fields : (groups[0] as string[]),
    by: { key, from, before },
    limit,
  });
  // What lies in the look-back window may not move the bookmark backwards.
  const toPage = async (answer: Answer, position: string | undefined): Promise<Page> => {
    const reached = latest([resumed, position]);
    return {
      records: await reader.addFields(answer.rows, groups.slice(1), key),
      ...(reached !== undefined && { bookmark: { [key]: reached } }),
    };
  };
  const start =
    resumed === undefined
      ? run.startDate && toUtc(run.startDate)
      : secondsBefore(resumed, lookbackSeconds);

  const first = await reader.ask(query(start));
  let position = latest(timesOf(first, key));
  yield await toPage(first, position);
  if (first.next === undefined) return;

  const ceiling = await reader.findNewest(key);
  for (let restarts = 0; restarts < mostRestarts; restarts += 1) {
    try {
      for await (const answer of reader.follow(query(position ?? start))) {
        const isLast = answer.next === undefined;
        const inOrder = timesOf(answer, key).filter(
          (time) => ceiling === undefined || time < ceiling || (isLast && time === ceiling),
        );
        const further = latest([position, ...inOrder]);
        if (further !== position) restarts = 0;
        position = further;
        yield await toPage(answer, position);
      }
      return;
    } catch (error) {
      tellOfRestart(error, log, reader.object);
    }
  }
  throw cursorKeepsExpiring(reader.object);
}

/** All rows in whatever order; a row may come twice if the server forgets the cursor. */
async function* readWhole(reader: Reader, run: ReadRun): AsyncGenerator<Page> {
  const { object } = reader;
  const groups = splitFields(run.fields, ["Id"]);
  if (groups.length > 1) {
    const count = groups.slice(1).flat().length;
    throw new ConfigError(
      `${object} is read as a full table and has too many fields selected for one query: deselect at least ${count}`,
    );
  }
  for (let restarts = 0; restarts < mostRestarts; restarts += 1) {
    try {
      const pages = reader.follow({ object, fields: run.fields, limit: run.limit });
      for await (const { rows } of pages) yield { records: rows };
      return;
    } catch (error) {
      tellOfRestart(error, run.log, object);
    }
  }
  throw cursorKeepsExpiring(object);
}

/** One page of a query. */
interface Answer {
  readonly rows: readonly Row[];
  /** Where the next page is; absent on the last. */
  readonly next?: string;
}

interface Reader {
  readonly object: string;
  ask(query: Query): Promise<Answer>;
  /** All pages of a query. @throws QueryLocatorExpiredError in between */
  follow(query: Query): AsyncIterable<Answer>;
  /** The highest value of a date-time field. */
  findNewest(key: string): Promise<string | undefined>;
  /**
   * Joins fields that did not fit into the rows' own query. A row edited since is left out: its time is
   * later now, so it is read again under that time, by this run or the next.
   */
  addFields(
    rows: readonly Row[],
    groups: readonly (readonly string[])[],
    key: string,
  ): Promise<readonly Row[]>;
}

function createReader(
  { name: object, fields }: ObjectDescribe,
  client: HttpClient,
  { apiVersion }: SalesforceSettings,
): Reader {
  const path = `/services/data/v${apiVersion}/queryAll`;
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]));
  const toAnswer = (data: JsonValue): Answer => {
    const { records, done, nextRecordsUrl } = checkAnswer(data, object);
    return {
      rows: records.map((record) => tidyRow(record, typeOf)),
      ...(!done && { next: nextRecordsUrl as string }),
    };
  };
  const ask = async (query: Query) => {
    const { data } = await client.request({
      url: path,
      template: `${path} of ${object}`,
      params: { q: renderQuery(query) },
      parse: "json",
    });
    return toAnswer(data);
  };
  const askNext = async (url: string) => {
    const template = `${path}/{locator} of ${object}`;
    return toAnswer((await client.request({ url, template, parse: "json" })).data);
  };
  async function* follow(query: Query) {
    let answer = await ask(query);
    yield answer;
    while (answer.next !== undefined) {
      answer = await askNext(answer.next);
      yield answer;
    }
  }
  return {
    object,
    ask,
    follow,
    async findNewest(key) {
      const answer = await ask({ object, fields: [key], by: { key, newestFirst: true }, limit: 1 });
      return latest(timesOf(answer, key));
    },
    async addFields(rows, groups, key) {
      const times = timesOf({ rows }, key).sort();
      let whole = new Map(rows.map((row) => [row.Id, row]));
      for (const group of groups) {
        const joined: typeof whole = new Map();
        const by = { key, from: times[0], upTo: times.at(-1) };
        for await (const answer of follow({ object, fields: group, by })) {
          for (const row of answer.rows) {
            const found = whole.get(row.Id);
            if (found !== undefined && found[key] === row[key]) {
              joined.set(row.Id, { ...found, ...row });
            }
          }
        }
        whole = joined;
      }
      return groups.length === 0 ? rows : [...whole.values()];
    },
  };
}

/** What every answer to a query has; one that lacks it would pass for the end of the object. */
function checkAnswer(data: JsonValue, object: string) {
  const { records, done, nextRecordsUrl } = (data ?? {}) as JsonObject;
  const isRow = (row: JsonValue) => typeof row === "object" && row !== null && !Array.isArray(row);
  const isWhole =
    Array.isArray(records) &&
    records.every(isRow) &&
    typeof done === "boolean" &&
    done === (typeof nextRecordsUrl !== "string");
  if (isWhole) return { records: records as JsonObject[], done, nextRecordsUrl };
  throw new ContractError(`${object}: Salesforce's answer to a query is not one`);
}

/** Without what describes the row itself; date-times in the spelling of RFC 3339; untyped values as text. */
function tidyRow(record: JsonObject, typeOf: ReadonlyMap<string, string>): Row {
  const row: { [field: string]: JsonValue } = {};
  for (const field in record) {
    if (field === "attributes") continue;
    const value = record[field] as JsonValue;
    const type = typeOf.get(field);
    if (type === "datetime") row[field] = toUtc(value) ?? value;
    else if (type === "anyType" && value !== null && typeof value !== "string") {
      row[field] = renderJson(value);
    } else row[field] = value;
  }
  return row;
}

/** Also reads the bookmarks of singer-io's tap: `{"SystemModstamp": "2024-05-01T10:00:00.000000Z"}`. */
function readBookmark({ bookmark }: ReadRun, key: string): string | undefined {
  const value = bookmark?.[key];
  if (value === undefined || value === null) return undefined;
  const time = toUtc(value);
  if (time === undefined) throw new ConfigError(`the state's ${key} is not a date-time`);
  return time;
}

function timesOf({ rows }: Pick<Answer, "rows">, key: string): string[] {
  return rows.map((row) => row[key]).filter((time) => typeof time === "string");
}

/** UTC date-times of one spelling sort as text. */
function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

function tellOfRestart(error: unknown, log: Log, object: string): void {
  if (!(error instanceof QueryLocatorExpiredError)) throw error;
  log.warning(`${object}: Salesforce has dropped the query's cursor, asking again`);
}

function cursorKeepsExpiring(object: string): UnavailableError {
  return new UnavailableError(
    `${object}: Salesforce drops the query's cursor again and again; run fewer queries as this user at a time`,
  );
}
