/** The command line of every tap. */
import {
  type About,
  type Flags,
  parseFlags,
  readJsonFile,
  readJsonObjectFile,
  renderAbout,
  renderHelp,
  resolveSettings,
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
  config: {
    value: "FILE",
    repeatable: true,
    description: "settings as JSON; later files win; ENV reads the environment",
  },
  catalog: {
    value: "FILE",
    alias: "properties",
    description: "which streams and fields to read; without it: what is selected by default",
  },
  state: { value: "FILE", description: "where the last run ended" },
  discover: { description: "print the catalog and end" },
  test: { description: "connect and read at most one record of each selected stream; no state" },
  about: { description: "print what this tap is and takes" },
  format: { value: "FORMAT", description: "of --about: text, json or markdown" },
  version: { description: "print the version" },
  help: { description: "print this" },
} satisfies Flags;

/**
 * Runs a tap as a program: everything between the command line and the source.
 * @throws SingerError; `runProgram` turns it into a line and an exit code
 */
export async function runTap(tap: Tap, context: ProgramContext): Promise<void> {
  const { stdout, log, environment } = context;
  const options = parseFlags(tap.name, flags, context.argv);
  const about = describe(tap);
  if (options.help) return stdout.write(renderTapHelp(tap));
  if (options.version) return stdout.write(`${tap.name} ${tap.version}\n`);
  if (options.about) return stdout.write(renderAbout(about, options.format));

  const sources = (options.config ?? []).map((file) =>
    file === "ENV" ? file : readJsonObjectFile(file, "--config"),
  );
  const { values, unknown } = resolveSettings(tap.name, about.settings, sources, environment);
  for (const name of unknown) log.warning(`unknown setting ${name} is ignored`);
  const catalog = options.catalog && parseCatalog(readJsonFile(options.catalog, "--catalog"));
  const state = options.state ? parseState(readJsonFile(options.state, "--state")) : emptyState;
  const policy = readPolicy(values.privacy);

  const source = await tap.connect({ settings: values, log, signal: context.signal });
  if (options.discover) {
    const streams = await source.discover("all");
    return stdout.write(`${JSON.stringify(toCatalog(streams), null, 2)}\n`);
  }
  const plans = await planSync(source, catalog || undefined, policy, values, context);
  await runSync({
    plans,
    state,
    ...dates(values),
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

function renderTapHelp(tap: Tap): string {
  const example = [
    `${tap.name} --config config.json --discover > catalog.json`,
    `${tap.name} --config config.json --catalog catalog.json | target-postgres --config warehouse.json`,
  ].join("\n");
  return renderHelp(tap.name, tap.description, flags, example);
}

function readPolicy(privacy: JsonValue | undefined): PrivacyPolicy {
  const value = typeof privacy === "string" ? readJsonObjectFile(privacy, "privacy") : privacy;
  return parsePrivacyPolicy((value ?? {}) as JsonObject);
}

function dates(values: JsonObject): { startDate?: string; endDate?: string } {
  return {
    ...(typeof values.start_date === "string" && { startDate: values.start_date }),
    ...(typeof values.end_date === "string" && { endDate: values.end_date }),
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
