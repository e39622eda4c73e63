/** Hands the process to the command and its exit code back. */
import { readFileSync } from "node:fs";
import { runCommand } from "./run-command.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

process.exitCode = await runCommand(process.argv.slice(2), version, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (signal, listener) => process.once(signal, listener),
});
