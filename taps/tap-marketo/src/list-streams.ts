/** Lists that are read whole over REST: smart campaigns, static lists, programs and other assets. */
import {
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  type Row,
  UnavailableError,
} from "@bizops/singer";
import type { Page, ReadRun, Stream } from "@bizops/tap-kit";
import { toUtc } from "./field-schema.ts";
import { type MarketoApi, rowsOf } from "./marketo-api.ts";
import { schemas } from "./schemas.ts";

/** Yields the answers of a list, page by page. */
export type ReadPages = (api: MarketoApi, path: string) => AsyncIterable<readonly JsonObject[]>;

interface List {
  readonly path: string;
  readonly pages: ReadPages;
  readonly selectedByDefault: boolean;
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/static-lists */
const tokenPages: ReadPages = async function* (api, path) {
  let token: JsonValue | undefined;
  do {
    const params = { batchSize: 300, ...(token !== undefined && { nextPageToken: String(token) }) };
    const answer = await api.call({ url: path, template: path, params });
    yield rowsOf(answer);
    token = answer.nextPageToken;
  } while (typeof token === "string" && token !== "");
};

/** How often a list that moves while it is read is begun anew. */
const mostRestarts = 5;

/**
 * Behind the last asset there is a warning and no result. An asset that is deleted while we page moves those behind
 * it forward, past the offset; so each page begins with the last row of the one before, and if it is another the
 * list is read from its start again.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/assets/assets
 */
export const offsetPages: ReadPages = async function* (api, path) {
  const maxReturn = 200;
  for (let restarts = 0; restarts <= mostRestarts; restarts += 1) {
    let last: JsonObject | undefined;
    let read = 0;
    for (;;) {
      const params = { maxReturn, offset: Math.max(0, read - 1) };
      const rows = rowsOf(await api.call({ url: path, template: path, params }));
      if (last !== undefined && rows[0]?.id !== last.id) break;
      const fresh = last === undefined ? rows : rows.slice(1);
      if (fresh.length === 0) return;
      yield fresh;
      read += fresh.length;
      last = fresh.at(-1);
    }
  }
  throw new UnavailableError(`GET ${path}: the list moves while it is read; run again`);
};

export const programsPath = "/rest/asset/v1/programs.json";

const lists: { readonly [stream: string]: List } = {
  campaigns: { path: "/rest/v1/campaigns.json", pages: tokenPages, selectedByDefault: true },
  lists: { path: "/rest/v1/lists.json", pages: tokenPages, selectedByDefault: false },
  programs: { path: programsPath, pages: offsetPages, selectedByDefault: true },
  emails: { path: "/rest/asset/v1/emails.json", pages: offsetPages, selectedByDefault: false },
  landing_pages: {
    path: "/rest/asset/v1/landingPages.json",
    pages: offsetPages,
    selectedByDefault: false,
  },
  forms: { path: "/rest/asset/v1/forms.json", pages: offsetPages, selectedByDefault: false },
};

export function createListStreams(api: MarketoApi): readonly Stream[] {
  const incremental = Object.entries(lists).map(
    ([name, list]): Stream => ({
      name,
      schema: schemas[name] as JsonSchema,
      key: ["id"],
      replication: { method: "INCREMENTAL", key: "updatedAt" },
      selectedByDefault: list.selectedByDefault,
      read: (run) => readList(api, list, schemas[name] as JsonSchema, run),
    }),
  );
  const types: Stream = {
    name: "activity_types",
    schema: schemas.activity_types as JsonSchema,
    key: ["id"],
    replication: { method: "FULL_TABLE" },
    selectedByDefault: true,
    async *read() {
      const path = "/rest/v1/activities/types.json";
      yield { records: rowsOf(await api.call({ url: path, template: path })) };
    },
  };
  return [types, ...incremental];
}

/** The lists have no order to rely on, so the bookmark waits for the end; it never passes the time the reading began. */
async function* readList(
  api: MarketoApi,
  { path, pages }: List,
  schema: JsonSchema,
  run: ReadRun,
): AsyncGenerator<Page> {
  const began = await api.now();
  const resumed = run.bookmark?.updatedAt;
  const from = Date.parse(String(resumed ?? run.startDate));
  const end = Math.min(
    run.endDate === undefined ? Number.POSITIVE_INFINITY : Date.parse(run.endDate),
  );
  let reached = typeof resumed === "string" ? Date.parse(resumed) : undefined;
  for await (const rows of pages(api, path)) {
    const records = rows
      .map((row) => readRow(row, schema))
      .filter(({ updatedAt }) => {
        const at = Date.parse(String(updatedAt));
        return !(at < from) && !(at >= end);
      });
    for (const { updatedAt } of records) {
      const at = Math.min(Date.parse(String(updatedAt)), began);
      if (!Number.isNaN(at)) reached = Math.max(reached ?? at, at);
    }
    yield { records };
  }
  if (reached !== undefined) {
    yield { records: [], bookmark: { updatedAt: new Date(reached).toISOString() } };
  }
}

/** Times in one spelling; `{"type": "Text", "value": "x"}` of e-mails as x. */
function readRow(row: JsonObject, { properties = {} }: JsonSchema): Row {
  const read = Object.entries(row).map(([name, value]): [string, JsonValue] => {
    if (typeof value !== "string") {
      const isText = [properties[name]?.type].flat().includes("string");
      return [name, isText ? ((value as JsonObject | null)?.value ?? null) : value];
    }
    return [name, properties[name]?.format === "date-time" ? toUtc(value) : value];
  });
  return Object.fromEntries(read);
}
