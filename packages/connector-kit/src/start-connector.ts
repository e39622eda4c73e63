/** The first steps of every connector: flags, the questions that need no settings, then the settings. */
import type { JsonObject, ProgramContext } from "@bizops/singer";
import { type About, renderAbout } from "./about.ts";
import { type Flags, type ParsedFlags, parseFlags, renderHelp } from "./command-line.ts";
import { readJsonObjectFile } from "./read-json-file.ts";
import { resolveSettings } from "./settings.ts";

/** Flags every connector has. */
const sharedFlags = {
  config: {
    value: "FILE",
    repeatable: true,
    description: "settings as JSON; later files win; ENV reads the environment",
  },
} satisfies Flags;

const closingFlags = {
  about: { description: "print what this program is and takes" },
  format: { value: "FORMAT", description: "of --about: text, json or markdown" },
  version: { description: "print the version" },
  help: { description: "print this" },
} satisfies Flags;

/** A connector that has something to do. */
export interface Started<F extends Flags> {
  readonly options: ParsedFlags<F>;
  readonly settings: JsonObject;
}

/**
 * Answers `--help`, `--version` and `--about`, or reads the settings.
 * @param ownFlags those of a tap or a target beside the ones every connector has
 * @param example for the help
 * @returns undefined if the question has been answered
 * @throws ConfigError
 */
export async function startConnector<const F extends Flags>(
  about: About,
  ownFlags: F,
  example: string,
  { argv, environment, stdout, log }: ProgramContext,
): Promise<Started<F> | undefined> {
  const { name, version, description } = about;
  const flags = { ...sharedFlags, ...ownFlags, ...closingFlags };
  const options = parseFlags(name, flags, argv);
  const { config, help, format, ...questions } = options as ParsedFlags<
    typeof sharedFlags & typeof closingFlags
  >;
  if (help) await stdout.write(renderHelp(name, description, flags, example));
  else if (questions.version) await stdout.write(`${name} ${version}\n`);
  else if (questions.about) await stdout.write(renderAbout(about, format));
  else {
    const sources = (config ?? []).map((file) =>
      file === "ENV" ? file : readJsonObjectFile(file, "--config"),
    );
    const { values, unknown } = resolveSettings(name, about.settings, sources, environment);
    for (const setting of unknown) log.warning(`unknown setting ${setting} is ignored`);
    return { options: options as ParsedFlags<F>, settings: values };
  }
  return undefined;
}
