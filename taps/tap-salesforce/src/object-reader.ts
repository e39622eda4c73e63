/** Queries about one object over the REST API's queryAll. */
import type { HttpClient } from "@bizops/http-client";
import {
  ContractError,
  type JsonObject,
  type JsonValue,
  type Row,
  renderJson,
} from "@bizops/singer";
import type { ObjectDescribe } from "./describe.ts";
import { type Query, renderQuery, toUtc } from "./soql.ts";

/** One page of a query. */
export interface Answer {
  readonly rows: readonly Row[];
  /** Of the whole query. */
  readonly totalRows: number;
  /** Where the next page is; absent on the last. */
  readonly next?: string;
}

export interface ObjectReader {
  readonly object: string;
  /** @throws QueryTimeoutError */
  ask(query: Query): Promise<Answer>;
  /** All pages of a query. @throws QueryTimeoutError, and QueryLocatorExpiredError in between */
  follow(query: Query): AsyncIterable<Answer>;
  /** The highest or the lowest value of a date-time field. */
  findEnd(key: string, end: "newest" | "oldest"): Promise<string | undefined>;
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

export function createObjectReader(
  { name: object, fields }: ObjectDescribe,
  client: HttpClient,
  apiVersion: string,
): ObjectReader {
  const path = `/services/data/v${apiVersion}/queryAll`;
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]));
  const toAnswer = (data: JsonValue): Answer => {
    const { records, done, nextRecordsUrl, totalSize } = checkAnswer(data, object);
    return {
      rows: records.map((record) => tidyRow(record, typeOf)),
      totalRows: Number(totalSize),
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
    let coming: Promise<Answer> | undefined = ask(query);
    while (coming !== undefined) {
      const answer: Answer = await coming;
      // While one page is written the next one is on its way.
      coming = answer.next === undefined ? undefined : askNext(answer.next);
      coming?.catch(() => {});
      yield answer;
    }
  }
  return {
    object,
    ask,
    follow,
    async findEnd(key, end) {
      const by = { key, newestFirst: end === "newest" };
      return latest(timesOf(await ask({ object, fields: [key], by, limit: 1 }), key));
    },
    async addFields(rows, groups, key) {
      if (groups.length === 0) return rows;
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
      return [...whole.values()];
    },
  };
}

/** What every answer to a query has; one that lacks it would pass for the end of the object. */
function checkAnswer(data: JsonValue, object: string) {
  const { records, done, nextRecordsUrl, totalSize } = (data ?? {}) as JsonObject;
  const isRow = (row: JsonValue) => typeof row === "object" && row !== null && !Array.isArray(row);
  const isWhole =
    Array.isArray(records) &&
    records.every(isRow) &&
    typeof done === "boolean" &&
    done === (typeof nextRecordsUrl !== "string");
  if (isWhole) return { records: records as JsonObject[], done, nextRecordsUrl, totalSize };
  throw new ContractError(`${object}: Salesforce's answer to a query is not one`);
}

/**
 * Without what describes the row itself; date-times in the spelling of RFC 3339; untyped values as text. The
 * blank text of a formula is null, as it is for the Bulk API, which knows no difference.
 */
function tidyRow(record: JsonObject, typeOf: ReadonlyMap<string, string>): Row {
  const row: { [field: string]: JsonValue } = {};
  for (const field in record) {
    if (field === "attributes") continue;
    const value = record[field] as JsonValue;
    const type = typeOf.get(field);
    if (value === "") row[field] = null;
    else if (type === "datetime") row[field] = toUtc(value) ?? value;
    else if (type === "anyType" && value !== null && typeof value !== "string") {
      row[field] = renderJson(value);
    } else row[field] = value;
  }
  return row;
}

export function timesOf({ rows }: Pick<Answer, "rows">, key: string): string[] {
  return rows.map((row) => row[key]).filter((time) => typeof time === "string");
}

/** UTC date-times of one spelling sort as text. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce((a, b) => (b === undefined || (a !== undefined && a > b) ? a : b), undefined);
}
