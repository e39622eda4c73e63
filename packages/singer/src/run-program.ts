/** The frame of every executable: signals in, one line per failure, exit code out. Never `process.exit`. */
import {
  asSingerError,
  BugError,
  type EndingSignal,
  InterruptedError,
  type SingerError,
} from "./errors.ts";
import { createLog, type Log } from "./log.ts";
import { createMessageWriter, type MessageWriter } from "./message-writer.ts";
import { openStandardInput } from "./standard-input.ts";

/** What a program works with. */
export interface ProgramContext {
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: MessageWriter;
  readonly log: Log;
  /** Aborted by SIGINT, SIGTERM or SIGHUP; its reason is an `InterruptedError`. */
  readonly signal: AbortSignal;
}

const endingSignals: readonly EndingSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end and sets `process.exitCode`: 0, or the code of what it threw. A first signal
 * aborts `context.signal`; a second one ends the process at once, as the system would have.
 * @param main returns normally for success
 */
export async function runProgram(main: (context: ProgramContext) => Promise<void>): Promise<void> {
  const log = createLog();
  const abort = new AbortController();
  // The listeners stay to the end: other packages take a lone listener of theirs for the order to die at once.
  const onSignal = (signal: EndingSignal) => {
    if (!abort.signal.aborted) return abort.abort(new InterruptedError(signal));
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  for (const each of endingSignals) process.on(each, onSignal);

  const stdin = openStandardInput();
  const stdout = createMessageWriter(process.stdout);
  try {
    await main({
      argv: process.argv.slice(2),
      environment: process.env,
      stdin,
      stdout,
      log,
      signal: abort.signal,
    });
    await stdout.flush();
  } catch (thrown) {
    const error = asSingerError(thrown);
    process.exitCode = error.exitCode;
    reportFailure(error, log);
    await stdout.flush().catch(() => {});
  } finally {
    for (const each of endingSignals) process.removeListener(each, onSignal);
    stdin.close();
  }
}

/**
 * Logs a failure: one line for what the user can act on; for a bug its kind and stack frames, without the
 * message, since the messages of the runtime quote data.
 */
export function reportFailure(error: SingerError, log: Log): void {
  if (!(error instanceof BugError)) {
    log.critical(error.message);
    return;
  }
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  log.critical(
    `${error.message}: ${cause.name}${code ? ` ${code}` : ""}. This is a bug; please report it with the lines below`,
  );
  const frames = (cause.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  for (const frame of frames.slice(0, 12)) log.error(frame.trim());
}
