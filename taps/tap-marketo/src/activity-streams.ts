/** Activities: a stream for each type, attributes as properties, read by bulk exports; deletions by their own endpoint. */
import {
  ContractError,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  parseJson,
  type Row,
} from "@bizops/singer";
import type { Page, ReadRun, Stream } from "@bizops/tap-kit";
import { type BulkReading, type Column, readBulkJobs } from "@bizops/tap-kit-bulk";
import { createExportJobs } from "./export-jobs.ts";
import { createReader, cutQuery, planField, type ReadValue } from "./field-schema.ts";
import { type MarketoApi, rowsOf } from "./marketo-api.ts";
import type { MarketoSettings } from "./settings.ts";

/** What the metrics need: acts of people, and which leads are merged or gone. */
const selectedTypes = new Set([1, 2, 3, 11, 32, 37, 46, 104]);
/** Primary values of these are pages, of those names of people. */
const pageTypes = new Set([1, 3]);
const personTypes = new Set([32, 37]);
/** "The Delete Lead activity is not supported (use Get Deleted Leads endpoint instead)." */
const deleteLead = 37;

interface Attribute {
  readonly property: string;
  readonly schema: JsonSchema;
  readonly read: ReadValue;
}

interface ActivityType {
  readonly id: number;
  readonly stream: string;
  /** The primary attribute's name; undefined if the type has none. */
  readonly primary: string | undefined;
  /** By the name Marketo gives them. */
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities#describe */
export async function discoverActivities(
  api: MarketoApi,
  settings: MarketoSettings,
): Promise<readonly Stream[]> {
  const path = "/rest/v1/activities/types.json";
  const types = rowsOf(await api.call({ url: path, template: path })).map(readType);
  return types.map((type) => ({
    name: type.stream,
    schema: { type: "object", properties: schemaOf(type) },
    key: ["marketoGUID"],
    replication: { method: "INCREMENTAL", key: "activityDate" },
    selectedByDefault: selectedTypes.has(type.id),
    read: (run) =>
      type.id === deleteLead
        ? readDeleted(api, settings, type, run)
        : readExported(api, settings, type, run),
  }));
}

function readType({ id, name, primaryAttribute, attributes }: JsonObject): ActivityType {
  const stream = `activities_${clean(name)}`;
  const listed = (Array.isArray(attributes) ? attributes : []) as readonly JsonObject[];
  const primary = (primaryAttribute as JsonObject | undefined)?.name;
  return {
    id: Number(id),
    stream,
    primary: primary === undefined ? undefined : clean(primary),
    attributes: new Map(
      listed.map((each) => {
        const property = clean(each.name);
        const dataType = String(each.dataType);
        const schema = planField(property, dataType, String(each.name));
        return [
          String(each.name),
          { property, schema, read: createReader(`${stream}.${property}`, property, dataType) },
        ];
      }),
    ),
  };
}

/** Names as singer-io's tap has them. */
function clean(name: JsonValue | undefined): string {
  return String(name).toLowerCase().replaceAll(" ", "_");
}

function schemaOf({ id, primary, attributes }: ActivityType): { [property: string]: JsonSchema } {
  const text: JsonSchema = { type: ["null", "string"] };
  return {
    ...Object.fromEntries(
      [...attributes.values()].map(({ property, schema }) => [property, schema]),
    ),
    marketoGUID: { type: "string" },
    leadId: { type: ["null", "integer"] },
    activityDate: { type: ["null", "string"], format: "date-time" },
    activityTypeId: { type: ["null", "integer"] },
    campaignId: { type: ["null", "integer"] },
    ...(primary !== undefined && {
      primary_attribute_name: text,
      primary_attribute_value: {
        ...text,
        ...(personTypes.has(id) && { "x-privacy": "direct" as const }),
      },
      primary_attribute_value_id: text,
    }),
  };
}

const columnTypes: { readonly [header: string]: string } = {
  marketoGUID: "string",
  leadId: "integer",
  activityDate: "datetime",
  activityTypeId: "integer",
  campaignId: "integer",
  primaryAttributeValueId: "string",
  primaryAttributeValue: "string",
};

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/bulk-extract/bulk-activity-extract */
async function* readExported(
  api: MarketoApi,
  settings: MarketoSettings,
  type: ActivityType,
  run: ReadRun,
): AsyncGenerator<Page> {
  const { stream } = type;
  const readAttributes = (cell: string): JsonValue => {
    try {
      return parseJson(cell);
    } catch {
      throw new ContractError(`${stream}: attributes are not JSON`);
    }
  };
  const columns = new Map<string, Column>([
    ["attributes", { property: "attributes", convert: readAttributes }],
    ...Object.entries(columnTypes).map(([name, dataType]): [string, Column] => [
      name,
      { property: name, convert: createReader(`${stream}.${name}`, name, dataType) },
    ]),
  ]);
  const jobs = createExportJobs(api, {
    stream,
    object: "activities",
    fields: [...columns.keys()],
    rangeFilter: "createdAt",
    moreFilters: { activityTypeIds: [type.id] },
    column: (header) => columns.get(header),
  });
  const reading: BulkReading = {
    stream,
    key: "activityDate",
    from: run.startDate,
    before: await endOf(api, run),
    bookmark: run.bookmark,
    lookbackSeconds: settings.lookbackSeconds,
    spanSeconds: settings.maxExportSeconds,
    smallestSeconds: settings.maxExportSeconds,
    pollSeconds: settings.pollSeconds,
    timeoutSeconds: settings.jobTimeoutSeconds,
    signal: run.signal,
    log: run.log,
  };
  for await (const page of readBulkJobs(jobs, reading)) {
    const records = page.records
      .filter(({ activityDate }) => Date.parse(String(activityDate)) < Date.parse(reading.before))
      .map((row) => flatten(type, row, row.attributes as JsonObject | null));
    yield { ...page, records };
  }
}

/**
 * Deleted leads, oldest first; the bookmark follows them. A page may hold none and still have more behind it.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities#deleted_leads
 */
async function* readDeleted(
  api: MarketoApi,
  { lookbackSeconds }: MarketoSettings,
  type: ActivityType,
  run: ReadRun,
): AsyncGenerator<Page> {
  const before = await endOf(api, run);
  const resumed = run.bookmark?.activityDate;
  const start =
    typeof resumed === "string"
      ? new Date(Date.parse(resumed) - lookbackSeconds * 1000).toISOString()
      : String(run.startDate);
  let reached = typeof resumed === "string" ? resumed : undefined;
  const tokenPath = "/rest/v1/activities/pagingtoken.json";
  const sinceDatetime = start.replace(/\.\d+/, "");
  let answer = await api.call({ url: tokenPath, template: tokenPath, params: { sinceDatetime } });
  do {
    const url = "/rest/v1/activities/deletedleads.json";
    const params = { nextPageToken: String(answer.nextPageToken) };
    answer = await api.call({ url, template: url, params });
    const records = rowsOf(answer)
      .filter(({ activityDate }) => Date.parse(String(activityDate)) < Date.parse(before))
      .map((row) => flatten(type, row, byName(row.attributes)));
    const last = records.at(-1)?.activityDate;
    if (typeof last === "string" && (reached === undefined || last > reached)) reached = last;
    yield { records, ...(reached !== undefined && { bookmark: { activityDate: reached } }) };
  } while (answer.moreResult === true);
}

async function endOf(api: MarketoApi, { endDate }: ReadRun): Promise<string> {
  const now = await api.now();
  return new Date(Math.min(now, endDate === undefined ? now : Date.parse(endDate))).toISOString();
}

/** REST lists attributes, `[{"name": "Source", "value": "x"}]`; exports have them as an object. */
function byName(attributes: JsonValue | undefined): JsonObject {
  const listed = (Array.isArray(attributes) ? attributes : []) as readonly JsonObject[];
  return Object.fromEntries(listed.map(({ name, value }) => [String(name), value ?? null]));
}

/** Attributes nobody described keep their names, so that the kit counts them and leaves them out. */
function flatten(type: ActivityType, row: Row, attributes: JsonObject | null): Row {
  const { marketoGUID, leadId, activityDate, activityTypeId, campaignId } = row;
  const flat: { [property: string]: JsonValue } = {};
  for (const { property } of type.attributes.values()) flat[property] = null;
  for (const [name, value] of Object.entries(attributes ?? {})) {
    const attribute = type.attributes.get(name);
    flat[attribute?.property ?? clean(name)] = attribute?.read(value) ?? null;
  }
  return {
    ...flat,
    marketoGUID: marketoGUID ?? null,
    leadId: leadId ?? null,
    activityDate: activityDate ?? null,
    activityTypeId: activityTypeId ?? null,
    campaignId: campaignId ?? null,
    ...(type.primary !== undefined && {
      primary_attribute_name: type.primary,
      primary_attribute_value: primaryValue(type, row.primaryAttributeValue),
      primary_attribute_value_id: textOf(row.primaryAttributeValueId),
    }),
  };
}

function primaryValue({ id }: ActivityType, value: JsonValue | undefined): JsonValue {
  const text = textOf(value);
  return text !== null && pageTypes.has(id) ? cutQuery(text) : text;
}

function textOf(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}
