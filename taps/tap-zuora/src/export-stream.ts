/** An object as a stream, read by exports. */
import type { JsonSchema } from "@bizops/singer";
import type { Page, ReadRun, Replication, Stream } from "@bizops/tap-kit";
import { readBulkJobs } from "@bizops/tap-kit-bulk";
import { createAquaApi } from "./aqua.ts";
import { defaultObjects, isRefusedByRest, tellsDeleted } from "./default-objects.ts";
import type { ObjectDescribe } from "./describe.ts";
import { deletedColumn, type ExportApi } from "./export-api.ts";
import { createExportJobs, type ExportColumn } from "./export-jobs.ts";
import { type FieldPlan, planField } from "./field-schema.ts";
import { createObjectExportApi } from "./object-export.ts";
import type { ZuoraSettings } from "./settings.ts";
import type { Clients } from "./sign-in.ts";

/** The first of these that an object has says when a row changed. */
const replicationKeys = ["UpdatedDate", "TransactionDate", "UpdatedOn"];

/** Zuora is not that old: where a first run begins if nobody says. */
const beginning = "2007-01-01T00:00:00.000Z";

/** A window is not cut further than to half a day. */
const smallestSeconds = 43_200;

interface Property extends ExportColumn, FieldPlan {}

export function createExportStream(
  object: ObjectDescribe,
  clients: Clients,
  settings: ZuoraSettings,
): Stream {
  const { name } = object;
  const isAqua = settings.api.kind !== "rest";
  const properties = planProperties(object, settings);
  const hasDeleted = isAqua && tellsDeleted(name);
  const schemas: (readonly [string, JsonSchema])[] = [
    ...properties.map(({ property, schema }) => [property, schema] as const),
    ...(hasDeleted ? [[deletedColumn, deletedSchema] as const] : []),
  ];
  const stream = {
    name,
    schema: {
      type: "object",
      properties: Object.fromEntries(schemas),
    },
    key: ["Id"],
    replication: chooseReplication(properties),
    selectedByDefault: defaultObjects.has(name),
    unselectedFields: properties
      .filter((each) => !each.selectedByDefault)
      .map(({ property }) => property),
    unsupportedFields: Object.fromEntries(
      properties.flatMap(({ property, unsupported }) =>
        unsupported === undefined ? [] : [[property, unsupported]],
      ),
    ),
  };
  return { ...stream, read: (run) => readObject(object, properties, clients, settings, run) };
}

const deletedSchema: JsonSchema = {
  type: ["null", "boolean"],
  description: "Whether the row has been deleted; told for 30 days.",
};

function planProperties(
  { name, fields, joins }: ObjectDescribe,
  { api, selectCustomText }: ZuoraSettings,
): Property[] {
  const own = fields
    .filter(({ exported }) => exported)
    .map((field): Property => {
      const plan = planField(name, field, selectCustomText);
      const isRefused = api.kind === "rest" && isRefusedByRest(name, field.name);
      return {
        ...{ property: field.name, column: field.name, type: field.type },
        ...plan,
        ...(isRefused && { unsupported: "refused by Zuora's exports; AQuA has it" }),
      };
    });
  const taken = new Set(own.map(({ property }) => property));
  // Named as singer-io's tap names them.
  const joined = joins
    .map(
      (join): Property => ({
        ...{ property: `${join}Id`, column: `${join}.Id`, type: "text", selectedByDefault: true },
        schema: { type: ["null", "string"], description: `Id of the ${join}` },
      }),
    )
    .filter(({ property }) => !taken.has(property));
  return [...own, ...joined];
}

function chooseReplication(properties: readonly Property[]): Replication {
  const readable = new Set(
    properties.filter(({ unsupported }) => unsupported === undefined).map((each) => each.property),
  );
  const key = replicationKeys.find((name) => readable.has(name));
  return key === undefined ? { method: "FULL_TABLE" } : { method: "INCREMENTAL", key };
}

async function* readObject(
  object: ObjectDescribe,
  properties: readonly Property[],
  clients: Clients,
  settings: ZuoraSettings,
  run: ReadRun,
): AsyncGenerator<Page> {
  const { name: stream, at } = object;
  const { replication, startDate, endDate, limit, log, signal } = run;
  const { api, pollSeconds, jobTimeoutSeconds: timeoutSeconds, lookbackSeconds } = settings;
  const key = replication.method === "INCREMENTAL" ? replication.key : undefined;
  const end = endDate === undefined ? undefined : new Date(endDate).toISOString();
  const isStateful = api.kind === "aqua-stateful" && key !== undefined;
  const wanted = new Set(run.fields);
  const columns = properties.filter(({ property }) => wanted.has(property) && property !== "Id");
  const jobs = createExportJobs({
    api: createApi(clients, settings),
    object: stream,
    // The Id comes last: a file that was cut off within its last row shows by it.
    columns: [...columns, { property: "Id", column: "Id", type: "id" }],
    withDeleted: wanted.has(deletedColumn),
    ...{ key, limit, log, canHalve: !isStateful },
  });
  const first = startDate === undefined ? undefined : new Date(startDate).toISOString();
  const pages = readBulkJobs(jobs, {
    ...{ stream, key: key ?? "", bookmark: key === undefined ? undefined : run.bookmark },
    // A session that is not told where to begin tells of all rows, and of deletions from then on.
    from: key === undefined ? undefined : (first ?? (isStateful ? undefined : beginning)),
    before: end !== undefined && end < at ? end : at,
    ...{ lookbackSeconds, smallestSeconds, pollSeconds, timeoutSeconds, signal, log },
  });
  for await (const { records, bookmark } of pages) {
    // Zuora's sessions know no end.
    const isWanted = (time: unknown) => end === undefined || String(time) < end;
    const rows =
      isStateful && end !== undefined ? records.filter((row) => isWanted(row[key])) : records;
    yield { records: rows, ...(key !== undefined && bookmark !== undefined && { bookmark }) };
  }
}

function createApi({ aqua, rest }: Clients, { api }: ZuoraSettings): ExportApi {
  if (api.kind === "rest") return createObjectExportApi(rest);
  return createAquaApi(aqua, api.kind === "aqua-stateful" ? api.partnerId : undefined);
}
