/** A command line that says what is wrong in one line and ends with our exit codes. */
import { readFileSync } from "node:fs";
import { ConfigError, type ProgramContext } from "@bizops/singer";
import { Command, CommanderError } from "commander";

/** A program without commands yet. */
export function createProgram(
  name: string,
  description: string,
  { stdout }: ProgramContext,
): Command {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return new Command(name)
    .description(description)
    .version((JSON.parse(manifest) as { version: string }).version)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => {}, // reported once, by the frame of every program
    });
}

/** Runs the command that the arguments name. @throws ConfigError for a wrong command line, else what the command throws */
export async function parseProgram(program: Command, { argv }: ProgramContext): Promise<void> {
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const help = `see ${program.name().replace("-", " ")} --help`;
    if (error.code === "commander.help") throw new ConfigError(`no command; ${help}`);
    throw new ConfigError(`${error.message.replace(/^error: /, "")}; ${help}`);
  }
}
