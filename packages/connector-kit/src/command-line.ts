/** Command lines of taps and targets: flags as data, strict parsing, help text. */
import { parseArgs } from "node:util";
import { ConfigError } from "@bizops/singer";

/** One flag. */
export interface Flag {
  /** `FILE`, `FORMAT`, ...: the flag takes a value; absent: it is a switch. */
  readonly value?: string;
  readonly repeatable?: boolean;
  /** Another spelling, without dashes. */
  readonly alias?: string;
  readonly description: string;
}

export type Flags = { readonly [name: string]: Flag };

/** What was typed: switches are `true`, repeatable flags arrays. */
export type ParsedFlags<F extends Flags> = {
  readonly [N in keyof F]?: F[N] extends { value: string }
    ? F[N] extends { repeatable: true }
      ? string[]
      : string
    : boolean;
};

/**
 * @throws ConfigError on an unknown flag, a missing value or a stray argument
 */
export function parseFlags<const F extends Flags>(
  program: string,
  flags: F,
  argv: readonly string[],
): ParsedFlags<F> {
  const options = Object.entries(flags).flatMap(([name, flag]) => {
    const option = {
      type: flag.value === undefined ? ("boolean" as const) : ("string" as const),
      ...(flag.repeatable && { multiple: true }),
    };
    return [name, ...(flag.alias ? [flag.alias] : [])].map((spelling) => [spelling, option]);
  });
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(options),
      strict: true,
      allowPositionals: false,
    });
    const merged: { [name: string]: unknown } = { ...values };
    for (const [name, { alias }] of Object.entries(flags)) {
      if (alias && merged[alias] !== undefined) {
        merged[name] ??= merged[alias];
        delete merged[alias];
      }
    }
    return merged as ParsedFlags<F>;
  } catch (error) {
    const [message] = (error as Error).message.split(". To specify");
    throw new ConfigError(`${message}; see ${program} --help`, { cause: error });
  }
}

/** The text of `--help`. */
export function renderHelp(
  program: string,
  summary: string,
  flags: Flags,
  example: string,
): string {
  const rows = Object.entries(flags).map(([name, flag]) => [
    `--${name}${flag.value ? ` ${flag.value}` : ""}`,
    flag.description + (flag.alias ? ` (also --${flag.alias})` : ""),
  ]);
  const width = Math.max(...rows.map(([left]) => left!.length));
  return [
    `${program}: ${summary}`,
    "",
    "Options:",
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
    "",
    "Example:",
    ...example.split("\n").map((line) => `  ${line}`),
    "",
    "Exit codes: 0 ok, 1 bug, 2 config, 3 authentication, 4 unavailable, 5 contract, 6 quota, 128+n signal",
    "",
  ].join("\n");
}
