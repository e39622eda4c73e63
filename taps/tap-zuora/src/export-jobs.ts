/** The exports of one object as bulk jobs: what Zuora refuses is left out, what it has lost is asked for again. */
import type { Download } from "@bizops/http-client";
import { ContractError, type Log, UnavailableError } from "@bizops/singer";
import type { BulkJobs, JobLook, JobPart, Window } from "@bizops/tap-kit-bulk";
import { convertCell } from "./convert-cell.ts";
import { deletedColumn, type ExportApi, type ExportLook } from "./export-api.ts";
import type { ExportQuery } from "./export-query.ts";
import { NotFoundError, RefusedQueryError } from "./read-error.ts";
import { fetchFile, hasColumns, readResultFile } from "./result-file.ts";

/** A property, and where an export has it. */
export interface ExportColumn {
  readonly property: string;
  /** As the query names it: `Account.Id`. */
  readonly column: string;
  readonly type: string;
}

export interface ExportReading {
  readonly api: ExportApi;
  readonly object: string;
  /** What is to be read, `Deleted` apart. */
  readonly columns: readonly ExportColumn[];
  readonly withDeleted: boolean;
  /** The replication key; undefined where the whole object is read. */
  readonly key: string | undefined;
  readonly limit: number | undefined;
  /** Whether a job can be made smaller by a shorter window. */
  readonly canHalve: boolean;
  readonly log: Log;
}

/** Between a job's id and the fields that it was not asked for because Zuora refuses them. */
const mark = "~";

/** How often all files are read before too few rows count as lost by Zuora. */
const mostReadings = 3;

type Finished = Extract<ExportLook, { readonly state: "done" }>;

export function createExportJobs(reading: ExportReading): BulkJobs {
  const { api, object, log } = reading;
  const offer = createOffer(reading);
  let finished: Finished | undefined;
  let firstFile: Download | undefined;

  const fetch = (id: string) => {
    const ready = id === finished?.files[0] ? firstFile : undefined;
    if (ready !== undefined) firstFile = undefined;
    return ready === undefined
      ? fetchFile(api.client, api.fileTemplate, id)
      : Promise.resolve(ready);
  };
  const look = async (job: string): Promise<JobLook> => {
    const [id, ...refused] = job.split(mark) as [string, ...string[]];
    offer.forgo(refused);
    const found = await api.look(id);
    if (found.state === "running") return found;
    if (found.state === "failed") return offer.understand(found.reason);
    finished = found;
    // Whether the files are still there, and of use, shows only when one is fetched.
    const file = await fetchFile(api.client, api.fileTemplate, found.files[0] as string);
    if (await hasColumns(file, { object, columns: offer.readers(), log })) {
      firstFile = file;
      return { state: "done" };
    }
    await file.close();
    return { state: "gone", reason: "it was asked for other fields" };
  };
  return {
    async submit(window) {
      for (;;) {
        try {
          const id = await api.submit(offer.query(window), offer.withDeleted());
          return [id, ...offer.refused()].join(mark);
        } catch (error) {
          if (!(error instanceof RefusedQueryError) || !offer.leaveOut(error.reason)) throw error;
        }
      }
    },
    async look(id) {
      try {
        return await look(id);
      } catch (error) {
        if (!(error instanceof NotFoundError || error instanceof RefusedQueryError)) throw error;
        return { state: "gone", reason: "Zuora no longer has it" };
      }
    },
    async *read(_id, part): AsyncGenerator<JobPart> {
      const { files, rows, bytes } = finished as Finished;
      let { index, count } = readPart(part, files.length);
      if (index > 0) {
        await firstFile?.close();
        firstFile = undefined;
      }
      for (let attempt = 1; ; attempt += 1) {
        for (; index < files.length; index += 1) {
          if (count > 0) yield { records: [], next: `${index}:${count}` };
          const columns = offer.readers();
          const file = files[index] as string;
          const read = readResultFile(() => fetch(file), { object, columns, bytes, log });
          for await (const records of read) {
            count += records.length;
            yield { records };
          }
        }
        if (rows === undefined || count === rows) return;
        const text = `${object}: Zuora counted ${rows} rows, and its files hold ${count}`;
        if (attempt === mostReadings) throw new ContractError(text);
        log.warning(`${text}; they are fetched again`);
        index = 0;
        count = 0;
      }
    },
  };
}

/** What is asked for, less what Zuora has refused so far. */
function createOffer({ object, columns, key, limit, canHalve, log, ...reading }: ExportReading) {
  let offered = columns;
  let { withDeleted } = reading;
  const forgo = (fields: readonly string[]) => {
    const asked = offered.length;
    offered = offered.filter(({ property }) => !fields.includes(property));
    if (offered.length === asked) return;
    log.warning(`${object}: fields that Zuora refuses to export are left out`, { fields });
  };
  const leaveOut = (reason: string): boolean => {
    if (withDeleted && /\bdeleted (records|section|column)/i.test(reason)) {
      withDeleted = false;
      log.warning(`${object}: Zuora does not tell which rows are deleted`);
      return true;
    }
    if (!/\b(field|column|attribute)s?\b/i.test(reason)) return false;
    const refused = offered.filter(
      ({ property, column }) =>
        property !== "Id" && property !== key && new RegExp(`\\b${column}\\b`).test(reason),
    );
    // A text that names all fields quotes the query.
    if (refused.length === 0 || refused.length >= offered.length - 2) return false;
    forgo(refused.map(({ property }) => property));
    return true;
  };
  return {
    leaveOut,
    forgo,
    refused: () => columns.filter((each) => !offered.includes(each)).map((each) => each.property),
    withDeleted: () => withDeleted,
    query: (window: Window): ExportQuery => ({
      object,
      columns: offered.map(({ column }) => column),
      ...(key !== undefined && { by: { key, window } }),
      limit,
    }),
    /** What to make of an export that failed. */
    understand(reason: string): JobLook {
      if (leaveOut(reason)) return { state: "gone", reason: "a field was refused" };
      if (!/time[ds]?[ -]?out|time limit|too (large|long|many rows)/i.test(reason)) {
        return { state: "gone", reason: "it failed at Zuora's" };
      }
      if (canHalve) return { state: "too-large", reason: "it timed out" };
      throw new UnavailableError(
        `${object}: its job timed out, and only a stateless one can be made smaller; unset aqua_stateful or select fewer fields`,
      );
    },
    readers: () =>
      new Map(
        [
          ...offered,
          ...(withDeleted
            ? [{ property: deletedColumn, column: deletedColumn, type: "boolean" }]
            : []),
        ].map(({ property, column, type }) => [
          column.toLowerCase(),
          { property, convert: (cell: string) => convertCell(property, type, cell) },
        ]),
      ),
  };
}

/** `2:1000`: two files of 1,000 rows are written. */
function readPart(part: string | undefined, files: number): { index: number; count: number } {
  const [, index, count] = /^(\d+):(\d+)$/.exec(part ?? "") ?? [];
  if (index === undefined || Number(index) >= files) return { index: 0, count: 0 };
  return { index: Number(index), count: Number(count) };
}
