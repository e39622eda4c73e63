/** The command line of every tap. */
import {
  type About,
  type Flags,
  readJsonFile,
  readJsonObjectFile,
  startConnector,
} from "@bizops/connector-kit";
import {
  type Catalog,
  ConfigError,
  emptyState,
  isStreamSelected,
  type JsonObject,
  type JsonValue,
  type ProgramContext,
  parseCatalog,
  parseState,
} from "@bizops/singer";
import { toCatalog } from "./discover.ts";
import { planStream, type StreamPlan } from "./plan-stream.ts";
import { type PrivacyPolicy, parsePrivacyPolicy } from "./privacy.ts";
import { runSync } from "./run-sync.ts";
import type { Source, Tap } from "./stream.ts";
import { withSharedSettings } from "./tap-settings.ts";

const flags = {
  catalog: {
    value: "FILE",
    alias: "properties",
    description: "which streams and fields to read; without it: what is selected by default",
  },
  state: { value: "FILE", description: "where the last run ended" },
  discover: { description: "print the catalog and end" },
  test: { description: "connect and read at most one record of each selected stream; no state" },
} satisfies Flags;

/**
 * Runs a tap as a program: everything between the command line and the source.
 * @throws SingerError; `runProgram` turns it into a line and an exit code
 */
export async function runTap(tap: Tap, context: ProgramContext): Promise<void> {
  const { stdout, log, environment } = context;
  const started = await startConnector(describe(tap), flags, renderExample(tap), context);
  if (started === undefined) return;
  const { options, settings } = started;
  const catalog = options.catalog && parseCatalog(readJsonFile(options.catalog, "--catalog"));
  const state = options.state ? parseState(readJsonFile(options.state, "--state")) : emptyState;
  const policy = readPolicy(settings.privacy);

  const source = await tap.connect({ settings, log, signal: context.signal });
  if (options.discover) {
    const streams = await source.discover("all");
    return stdout.write(`${JSON.stringify(toCatalog(streams), null, 2)}\n`);
  }
  const plans = await planSync(source, catalog || undefined, policy, settings, context);
  await runSync({
    plans,
    state,
    ...dates(settings),
    testOnly: options.test ?? false,
    output: stdout,
    log,
    signal: context.signal,
    metricSeconds: Number(environment.BIZOPS_METRIC_SECONDS ?? 10),
  });
}

function describe({ name, version, description, doc, settings }: Tap): About {
  const capabilities = ["about", "catalog", "discover", "properties", "state", "test"];
  return { name, version, description, doc, capabilities, settings: withSharedSettings(settings) };
}

function renderExample({ name }: Tap): string {
  return [
    `${name} --config config.json --discover > catalog.json`,
    `${name} --config config.json --catalog catalog.json | target-postgres --config warehouse.json`,
  ].join("\n");
}

function readPolicy(privacy: JsonValue | undefined): PrivacyPolicy {
  const value = typeof privacy === "string" ? readJsonObjectFile(privacy, "privacy") : privacy;
  return parsePrivacyPolicy((value ?? {}) as JsonObject);
}

function dates(settings: JsonObject): { startDate?: string; endDate?: string } {
  const [start, end] = [settings.start_date, settings.end_date].map((date) =>
    Date.parse(String(date)),
  );
  if (end! <= start!) throw new ConfigError("end_date must be later than start_date");
  return {
    ...(typeof settings.start_date === "string" && { startDate: settings.start_date }),
    ...(typeof settings.end_date === "string" && { endDate: settings.end_date }),
  };
}

async function planSync(
  source: Source,
  given: Catalog | undefined,
  policy: PrivacyPolicy,
  settings: JsonObject,
  { log }: ProgramContext,
): Promise<StreamPlan[]> {
  const chosen = given?.streams.filter(isStreamSelected);
  if (chosen?.length === 0) throw new ConfigError("the catalog selects no stream");
  const wanted = chosen && new Set(chosen.map(({ tap_stream_id }) => tap_stream_id));
  const streams = await source.discover(wanted ?? "selected-by-default");
  const byName = new Map(streams.map((stream) => [stream.name, stream]));
  const entries = chosen ?? toCatalog(streams).streams.filter(isStreamSelected);

  const missing = entries.filter(({ tap_stream_id }) => !byName.has(tap_stream_id));
  if (missing.length > 0) {
    const names = missing.map(({ tap_stream_id }) => tap_stream_id).join(", ");
    throw new ConfigError(
      `selected in the catalog but not in the source: ${names}; deselect or discover again`,
    );
  }
  const key = settings.pseudonym_key as string | undefined;
  return entries.map((entry) => {
    const plan = planStream(byName.get(entry.tap_stream_id)!, entry, policy, key);
    const { name } = plan.stream;
    if (plan.notInCatalog.length > 0) {
      log.warning(`${name}: fields of the source that are not in the catalog are not read`, {
        count: plan.notInCatalog.length,
        fields: plan.notInCatalog,
      });
    }
    if (plan.notInSource.length > 0) {
      log.warning(`${name}: selected fields the source no longer has`, {
        fields: plan.notInSource,
      });
    }
    return plan;
  });
}
