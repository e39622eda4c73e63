/** The command line of every target. */
import { type About, type Flags, readJsonFile, startConnector } from "@bizops/connector-kit";
import {
  ConfigError,
  type ProgramContext,
  parseJsonVerbatim,
  readFileChunks,
  renderJson,
} from "@bizops/singer";
import { loadInput } from "./load-input.ts";
import { withSharedSettings } from "./target-settings.ts";
import type { Target } from "./warehouse.ts";

const flags = {
  input: { value: "FILE", description: "read messages from a file instead of stdin" },
  "get-state": { description: "print the state stored under state_id and end" },
  "set-state": { value: "FILE", description: "replace the state stored under state_id and end" },
} satisfies Flags;

/**
 * Runs a target as a program: everything between the command line and the warehouse.
 * @throws SingerError; `runProgram` turns it into a line and an exit code
 */
export async function runTarget(target: Target, context: ProgramContext): Promise<void> {
  const { stdout, log, signal } = context;
  const example = `tap-salesforce --config tap.json | ${target.name} --config warehouse.json > state.json`;
  const started = await startConnector(describe(target), flags, example, context);
  if (started === undefined) return;
  const { options, settings } = started;
  const newState =
    options["set-state"] && readJsonFile(options["set-state"], "--set-state", parseJsonVerbatim);

  const warehouse = await target.connect({ settings, log });
  try {
    if (newState !== undefined) return await warehouse.writeState(renderJson(newState));
    if (options["get-state"]) {
      const text = await warehouse.readState();
      return text === undefined ? undefined : await stdout.write(`${text}\n`);
    }
    await loadInput({
      input: options.input ? readFile(options.input) : context.stdin,
      warehouse,
      limits: {
        rows: settings.batch_size_rows as number,
        bytes: settings.batch_size_bytes as number,
        waitSeconds: settings.batch_wait_seconds as number,
      },
      validateRecords: settings.validate_records as boolean,
      maxRejected: settings.max_rejected as number,
      maxLineBytes: settings.max_line_bytes as number,
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

async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* readFileChunks(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`--input: the file ${path} cannot be read (${code})`, { cause });
  }
}
