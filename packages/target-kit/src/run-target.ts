/** The command line of every target. */
import { createReadStream } from "node:fs";
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
import { ConfigError, type ProgramContext, renderJson } from "@bizops/singer";
import { loadInput } from "./load-input.ts";
import { withSharedSettings } from "./target-settings.ts";
import type { Target } from "./warehouse.ts";

const flags = {
  config: {
    value: "FILE",
    repeatable: true,
    description: "settings as JSON; later files win; ENV reads the environment",
  },
  input: { value: "FILE", description: "read messages from a file instead of stdin" },
  "get-state": { description: "print the state stored under state_id and end" },
  "set-state": { value: "FILE", description: "replace the state stored under state_id and end" },
  about: { description: "print what this target is and takes" },
  format: { value: "FORMAT", description: "of --about: text, json or markdown" },
  version: { description: "print the version" },
  help: { description: "print this" },
} satisfies Flags;

/**
 * Runs a target as a program: everything between the command line and the warehouse.
 * @throws SingerError; `runProgram` turns it into a line and an exit code
 */
export async function runTarget(target: Target, context: ProgramContext): Promise<void> {
  const { stdout, log, signal } = context;
  const options = parseFlags(target.name, flags, context.argv);
  const about = describe(target);
  if (options.help) return stdout.write(renderTargetHelp(target));
  if (options.version) return stdout.write(`${target.name} ${target.version}\n`);
  if (options.about) return stdout.write(renderAbout(about, options.format));

  const sources = (options.config ?? []).map((file) =>
    file === "ENV" ? file : readJsonObjectFile(file, "--config"),
  );
  const { values, unknown } = resolveSettings(
    target.name,
    about.settings,
    sources,
    context.environment,
  );
  for (const name of unknown) log.warning(`unknown setting ${name} is ignored`);
  const newState = options["set-state"] && readJsonFile(options["set-state"], "--set-state");

  const warehouse = await target.connect({ settings: values, log });
  try {
    if (newState !== undefined) return await warehouse.writeState(renderJson(newState));
    if (options["get-state"]) {
      const text = await warehouse.readState();
      return text === undefined ? undefined : await stdout.write(`${text}\n`);
    }
    await loadInput({
      input: options.input ? readFile(options.input) : (context.stdin as AsyncIterable<Buffer>),
      warehouse,
      limits: {
        rows: values.batch_size_rows as number,
        bytes: values.batch_size_bytes as number,
        waitSeconds: values.batch_wait_seconds as number,
      },
      validateRecords: values.validate_records as boolean,
      maxRejected: values.max_rejected as number,
      maxLineBytes: values.max_line_bytes as number,
      output: stdout,
      log,
      signal,
    });
  } finally {
    await warehouse.close();
  }
}

function describe({ name, version, description, capabilities, settings }: Target): About {
  return { name, version, description, capabilities, settings: withSharedSettings(settings) };
}

function renderTargetHelp(target: Target): string {
  const example = `tap-salesforce --config tap.json | ${target.name} --config warehouse.json > state.json`;
  return renderHelp(target.name, target.description, flags, example);
}

async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`--input: the file ${path} cannot be read (${code})`, { cause });
  }
}
