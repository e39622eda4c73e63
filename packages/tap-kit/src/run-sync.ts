/** The sync: streams in order, pages in order, a STATE after each page that carries a bookmark. */
import {
  AuthError,
  asSingerError,
  BrokenPipeError,
  InterruptedError,
  type Log,
  type MessageWriter,
  PartFailedError,
  QuotaError,
  renderMessage,
  type SingerError,
  type State,
  withBookmark,
  worstExitCode,
} from "@bizops/singer";
import { countRecords } from "./count-records.ts";
import type { StreamPlan } from "./plan-stream.ts";
import type { Page, ReadRun } from "./stream.ts";

export interface SyncRequest {
  readonly plans: readonly StreamPlan[];
  readonly state: State;
  readonly startDate?: string;
  readonly endDate?: string;
  /** One record of each stream and no STATE. */
  readonly testOnly: boolean;
  readonly output: MessageWriter;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Seconds between two `record_count` lines of a stream. */
  readonly metricSeconds: number;
}

/**
 * Reads every planned stream. A stream that fails ends alone; the others go on. What makes all of them
 * fail (credentials, quota, a signal, a reader that left) ends the run.
 * @throws SingerError
 */
export async function runSync(request: SyncRequest): Promise<void> {
  const { log, output, testOnly } = request;
  const failures = new Map<string, SingerError>();
  const progress: Progress = { state: request.state };

  for (const plan of startingWith(request.state.currently_syncing, request.plans)) {
    const { name } = plan.stream;
    progress.state = { ...progress.state, currently_syncing: name };
    try {
      await readStream(plan, progress, request);
    } catch (thrown) {
      const error = asSingerError(thrown);
      if (endsTheRun(error) || output.failure !== undefined || request.plans.length === 1)
        throw error;
      failures.set(name, error);
      const cause = error.cause instanceof Error ? ` (${error.cause.name})` : "";
      const message = `${error.message}${error.code === "BUG" ? cause : ""}`;
      log.error(message.startsWith(`${name}: `) ? message : `${name}: ${message}`);
    }
    request.signal.throwIfAborted();
  }
  if (!testOnly) {
    const { currently_syncing: _, ...final } = progress.state;
    await output.write(renderState(final));
  }
  if (failures.size > 0) throw streamsFailed(failures, request.plans.length);
}

/** Some streams ended early; the others were read. */
function streamsFailed(failures: ReadonlyMap<string, SingerError>, streams: number) {
  const names = [...failures.keys()].join(", ");
  return new PartFailedError(
    `${failures.size} of ${streams} streams failed: ${names}; see the lines above`,
    worstExitCode([...failures.values()].map(({ exitCode }) => exitCode)),
  );
}

/** How far the run has come; kept where a failing stream cannot lose it. */
interface Progress {
  state: State;
}

async function readStream(plan: StreamPlan, progress: Progress, request: SyncRequest) {
  const { output, log, signal, testOnly } = request;
  const { stream, replication } = plan;
  const version = Date.now();
  const fullTable = replication.method === "FULL_TABLE";
  const counter = countRecords(log, stream.name, request.metricSeconds);
  const undeclared = new Map<string, number>();
  let held = progress.state;

  log.info(`${stream.name}: reading`, { method: replication.method, fields: plan.fields.length });
  await output.write(renderMessage(plan.schemaMessage));
  for await (const page of stream.read(readRun(plan, held, request))) {
    signal.throwIfAborted();
    const records = testOnly ? page.records.slice(0, 1) : page.records;
    await output.write(renderPage(plan, records, fullTable ? version : undefined, undeclared));
    counter.add(records.length);
    if (testOnly) {
      if (records.length > 0) break;
      continue;
    }
    if (page.bookmark === undefined) continue;
    held = withBookmark(held, stream.name, page.bookmark);
    // A table read in full is only good once its version is activated.
    if (fullTable) continue;
    progress.state = held;
    await output.write(renderState(held));
  }
  counter.end();
  for (const [property, count] of undeclared) {
    log.warning(`${stream.name}: property ${property} is not declared and was left out`, { count });
  }
  if (testOnly) return;
  if (fullTable) {
    const activation = {
      type: "ACTIVATE_VERSION",
      stream: plan.schemaMessage.stream,
      version,
    } as const;
    await output.write(renderMessage(activation));
    held = withBookmark(held, stream.name, { ...held.bookmarks[stream.name], version });
  }
  progress.state = held;
  await output.write(renderState(held));
}

function readRun(
  { fields, replication, stream }: StreamPlan,
  state: State,
  request: SyncRequest,
): ReadRun {
  const bookmark = state.bookmarks[stream.name];
  return {
    fields,
    replication,
    ...(bookmark !== undefined && replication.method !== "FULL_TABLE" && { bookmark }),
    ...(request.startDate !== undefined && { startDate: request.startDate }),
    ...(request.endDate !== undefined && { endDate: request.endDate }),
    ...(request.testOnly && { limit: 1 }),
    signal: request.signal,
    log: request.log,
  };
}

function renderPage(
  { conform, schemaMessage: { stream } }: StreamPlan,
  records: Page["records"],
  version: number | undefined,
  undeclared: Map<string, number>,
): string {
  const timeExtracted = new Date().toISOString();
  const onUndeclared = (property: string) => {
    undeclared.set(property, (undeclared.get(property) ?? 0) + 1);
  };
  let text = "";
  for (const row of records) {
    text += renderMessage({
      type: "RECORD",
      stream,
      record: conform(row, onUndeclared),
      ...(version !== undefined && { version }),
      timeExtracted,
    });
  }
  return text;
}

function renderState(state: State): string {
  return renderMessage({ type: "STATE", value: state as never });
}

/** An interrupted run resumes with the stream it was in, then goes round. */
function startingWith(
  current: string | null | undefined,
  plans: readonly StreamPlan[],
): readonly StreamPlan[] {
  const at = plans.findIndex(({ stream }) => stream.name === current);
  return at <= 0 ? plans : [...plans.slice(at), ...plans.slice(0, at)];
}

function endsTheRun(error: SingerError): boolean {
  return [AuthError, QuotaError, InterruptedError, BrokenPipeError].some(
    (kind) => error instanceof kind,
  );
}
