/** Leads: fields by describe, read by bulk exports of those updated, or of all where Marketo cannot filter so. */
import type { Bookmark, JsonObject, JsonSchema } from "@bizops/singer";
import type { Page, ReadRun, Stream } from "@bizops/tap-kit";
import { type BulkReading, readBulkJobs } from "@bizops/tap-kit-bulk";
import { createExportJobs } from "./export-jobs.ts";
import { createReader, isTextType, planField } from "./field-schema.ts";
import { type MarketoApi, rowsOf } from "./marketo-api.ts";
import { FilterUnsupportedError } from "./read-error.ts";
import type { MarketoSettings } from "./settings.ts";
import { standardTextFields } from "./standard-fields.ts";

const stream = "leads";

interface LeadField {
  readonly name: string;
  readonly dataType: string;
  readonly schema: JsonSchema;
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads#describe */
export async function discoverLeads(api: MarketoApi, settings: MarketoSettings): Promise<Stream> {
  const path = "/rest/v1/leads/describe.json";
  const described = rowsOf(await api.call({ url: path, template: path }));
  // Fields without `rest` are there for the older API alone.
  const fields = described.flatMap(({ rest, dataType, displayName }): LeadField[] => {
    const name = (rest as JsonObject | undefined)?.name;
    if (typeof name !== "string") return [];
    const type = String(dataType);
    const schema = planField(name, type, String(displayName));
    return [
      { name, dataType: type, schema: name === "id" ? { ...schema, type: "integer" } : schema },
    ];
  });
  return {
    name: stream,
    schema: {
      type: "object",
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    },
    key: ["id"],
    replication: { method: "INCREMENTAL", key: "updatedAt" },
    selectedByDefault: true,
    unselectedFields: fields
      .filter(({ name, dataType }) => isTextType(dataType) && !standardTextFields.has(name))
      .map(({ name }) => name),
    read: (run) => readLeads(api, settings, fields, run),
  };
}

async function* readLeads(
  api: MarketoApi,
  settings: MarketoSettings,
  fields: readonly LeadField[],
  run: ReadRun,
): AsyncGenerator<Page> {
  const readers = new Map(
    fields.map(({ name, dataType }) => [
      name,
      { property: name, convert: createReader(`${stream}.${name}`, name, dataType) },
    ]),
  );
  const jobsBy = (rangeFilter: "createdAt" | "updatedAt") =>
    createExportJobs(api, {
      stream,
      object: "leads",
      fields: run.fields,
      rangeFilter,
      column: (header) => readers.get(header),
    });
  const now = new Date(await api.now()).toISOString();
  const before = run.endDate === undefined ? now : earlier(now, run.endDate);
  const reading = {
    stream,
    from: run.startDate,
    spanSeconds: settings.maxExportSeconds,
    smallestSeconds: settings.maxExportSeconds,
    pollSeconds: settings.pollSeconds,
    timeoutSeconds: settings.jobTimeoutSeconds,
    signal: run.signal,
    log: run.log,
  };
  const { bookmark } = run;
  if (bookmark?.scan_began === undefined) {
    try {
      const lookbackSeconds = settings.lookbackSeconds;
      const key = "updatedAt";
      yield* within(
        readBulkJobs(jobsBy(key), { ...reading, key, before, bookmark, lookbackSeconds }),
        run,
      );
      return;
    } catch (error) {
      if (!(error instanceof FilterUnsupportedError)) throw error;
      run.log.warning(
        "leads: the subscription cannot filter by updatedAt, so all leads are exported in each run; ask Marketo's support to enable it",
      );
    }
  }
  const scan = { ...reading, key: "createdAt", before: now };
  yield* within(readAll(jobsBy("createdAt"), scan, bookmark ?? {}), run);
}

/**
 * Every lead, by the time it was made, whatever the last run has read: without the filter there is no other way
 * to learn of a change, as the visible `updatedAt` does not move with every field. What is changed while the
 * scan goes on is read by the next one, which is why the bookmark names the time at which this one began.
 */
async function* readAll(
  jobs: ReturnType<typeof createExportJobs>,
  reading: BulkReading,
  { updatedAt, scan_began, createdAt, job }: Bookmark,
): AsyncGenerator<Page> {
  const isOpen = scan_began !== undefined;
  const began = scan_began ?? reading.before;
  const done = updatedAt === undefined ? {} : { updatedAt };
  const bookmark = isOpen
    ? { ...(createdAt !== undefined && { createdAt }), ...(job !== undefined && { job }) }
    : undefined;
  for await (const page of readBulkJobs(jobs, { ...reading, bookmark })) {
    const { records, bookmark: reached } = page;
    if (reached === undefined) yield { records };
    else yield { records, bookmark: { ...done, scan_began: began, ...reached } };
  }
  yield { records: [], bookmark: { updatedAt: began } };
}

/** Leaves out what changed at or after the end that was asked for. */
async function* within(pages: AsyncIterable<Page>, { endDate }: ReadRun): AsyncGenerator<Page> {
  const end = endDate === undefined ? Number.POSITIVE_INFINITY : Date.parse(endDate);
  for await (const page of pages) {
    const records = page.records.filter(({ updatedAt }) => !(Date.parse(String(updatedAt)) >= end));
    yield { ...page, records };
  }
}

function earlier(one: string, other: string): string {
  const end = new Date(other).toISOString();
  return end < one ? end : one;
}
