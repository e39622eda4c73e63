/** An object read by REST queries: what changed, or all of it. */
import { type Bookmark, ConfigError, type Log, UnavailableError } from "@bizops/singer";
import type { Page, ReadRun } from "@bizops/tap-kit";
import { type Answer, latest, type ObjectReader, timesOf } from "./object-reader.ts";
import { readBookmark } from "./read-bookmark.ts";
import { QueryLocatorExpiredError, QueryTimeoutError } from "./read-error.ts";
import { middleOf, type Query, secondsBefore, splitFields, toUtc } from "./soql.ts";

/** How often a query may be begun anew without getting any further. */
const mostRestarts = 3;

/** The shortest window a query that takes too long is cut down to. */
const smallestSeconds = 2;

export interface RestReading {
  readonly reader: ObjectReader;
  readonly run: ReadRun;
  /** Leaves an object with more pages than that, or too much for one query, to another API. */
  readonly mostPages?: number;
}

/** What was left to another API, and from where it has to go on. */
export interface LeftOver {
  readonly bookmark?: Bookmark;
}

/** Rows from `from` on and before `before`; what is edited from now on has a time from `ceiling` on. */
interface Window {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  readonly ceiling?: string;
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
 * - A query that takes the server too long is cut in two at a time before the newest, which is then the
 *   ceiling of the first half. The second begins at that time inclusive, so ties are not cut.
 */
export async function* readChanges(
  { reader, run, mostPages }: RestReading,
  key: string,
  lookbackSeconds: number,
): AsyncGenerator<Page, LeftOver | undefined> {
  const resumed = readBookmark(run, key);
  const groups = splitFields(run.fields, ["Id", key]);
  let position: string | undefined;
  const query = ({ from, before }: Window): Query => ({
    object: reader.object,
    fields: groups.length === 1 ? run.fields : (groups[0] as string[]),
    by: { key, from: latest([position, from]), before },
    limit: run.limit,
  });
  // What lies in the look-back window may not move the bookmark backwards.
  const bookmark = (): { bookmark?: Bookmark } => {
    const reached = latest([resumed, position]);
    return reached === undefined ? {} : { bookmark: { [key]: reached } };
  };
  const toPage = async ({ rows }: Answer): Promise<Page> => ({
    records: await reader.addFields(rows, groups.slice(1), key),
    ...bookmark(),
  });

  async function* readWindow(window: Window): AsyncGenerator<Page, boolean> {
    const first = await reader.ask(query(window));
    position = latest([position, ...timesOf(first, key)]);
    yield await toPage(first);
    if (first.next === undefined) return true;
    if (mostPages !== undefined && first.totalRows > mostPages * first.rows.length) return false;

    const ceiling = window.ceiling ?? (await reader.findEnd(key, "newest"));
    for (let restarts = 0; restarts < mostRestarts; restarts += 1) {
      try {
        for await (const answer of reader.follow(query(window))) {
          const isLast = answer.next === undefined;
          const inOrder = timesOf(answer, key).filter(
            (time) => ceiling === undefined || time < ceiling || (isLast && time === ceiling),
          );
          const further = latest([position, ...inOrder]);
          if (further !== position) restarts = 0;
          position = further;
          yield await toPage(answer);
        }
        return true;
      } catch (error) {
        tellOfRestart(error, run.log, reader.object);
      }
    }
    throw cursorKeepsExpiring(reader.object);
  }

  const start =
    resumed === undefined
      ? run.startDate && toUtc(run.startDate)
      : secondsBefore(resumed, lookbackSeconds);
  const windows: Window[] = [{ from: start, before: run.endDate && toUtc(run.endDate) }];
  for (let window = windows.pop(); window !== undefined; window = windows.pop()) {
    try {
      if (!(yield* readWindow(window))) return bookmark();
    } catch (error) {
      if (!(error instanceof QueryTimeoutError)) throw error;
      if (mostPages !== undefined) return bookmark();
      const rest = { ...window, from: latest([position, window.from]) };
      windows.push(...(await halve(rest, key, reader, error)));
      run.log.warning(`${reader.object}: a query took too long, its window is halved`);
    }
  }
  return undefined;
}

/** @returns the later half, then the earlier one. @throws the time-out if it cannot be made smaller */
async function halve(
  window: Window,
  key: string,
  reader: ObjectReader,
  timeout: QueryTimeoutError,
): Promise<Window[]> {
  const from = window.from ?? (await reader.findEnd(key, "oldest"));
  const newest = window.ceiling ?? (await reader.findEnd(key, "newest"));
  if (from === undefined || newest === undefined) throw timeout;
  const until = window.before !== undefined && window.before < newest ? window.before : newest;
  if (Date.parse(until) - Date.parse(from) < smallestSeconds * 1000) throw timeout;
  const middle = middleOf(from, until);
  return [
    { ...window, from: middle },
    { from, before: middle, ceiling: middle },
  ];
}

/** All rows in whatever order; a row may come twice if the server forgets the cursor. */
export async function* readWhole({
  reader,
  run,
  mostPages,
}: RestReading): AsyncGenerator<Page, LeftOver | undefined> {
  const { object } = reader;
  const groups = splitFields(run.fields, ["Id"]);
  if (groups.length > 1) {
    if (mostPages !== undefined) return {};
    const count = groups.slice(1).flat().length;
    throw new ConfigError(
      `${object} is read as a full table and has too many fields selected for one query: deselect at least ${count}, or set api_type to auto`,
    );
  }
  for (let restarts = 0; restarts < mostRestarts; restarts += 1) {
    try {
      for await (const answer of reader.follow({ object, fields: run.fields, limit: run.limit })) {
        const { rows, totalRows, next } = answer;
        if (next && mostPages !== undefined && totalRows > mostPages * rows.length) return {};
        yield { records: rows };
      }
      return undefined;
    } catch (error) {
      if (error instanceof QueryTimeoutError && mostPages !== undefined) return {};
      tellOfRestart(error, run.log, object);
    }
  }
  throw cursorKeepsExpiring(object);
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
