/** The errors every program here can end with, sorted by what to do next, and their exit codes. */

/** Exit codes shared by every executable; `docs/spec/command-line.md` says what each promises. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  config: 2,
  authentication: 3,
  unavailable: 4,
  contract: 5,
  quota: 6,
  brokenPipe: 141,
} as const;

/** An error with a stable code, the exit code it stands for, and whether trying again later may help. */
export abstract class SingerError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: number;
  readonly retryable: boolean = false;
}

/** A setting, flag or file is missing or wrong: the user has to change something. */
export class ConfigError extends SingerError {
  readonly code = "CONFIG";
  readonly exitCode = exitCodes.config;
}

/** The source or warehouse refused the credentials, or they lack a privilege. */
export class AuthError extends SingerError {
  readonly code = "AUTH";
  readonly exitCode = exitCodes.authentication;
}

/** The source, the warehouse or the network is not answering; a later run may succeed. */
export class UnavailableError extends SingerError {
  readonly code = "UNAVAILABLE";
  readonly exitCode = exitCodes.unavailable;
  override readonly retryable = true;
}

/** Data or a message does not keep its contract: broken JSON, a RECORD before its SCHEMA, a bad row. */
export class ContractError extends SingerError {
  readonly code = "CONTRACT";
  readonly exitCode = exitCodes.contract;
}

/** The source's allowance is spent. What was emitted is good; come back when it has been renewed. */
export class QuotaError extends SingerError {
  readonly code = "QUOTA";
  readonly exitCode = exitCodes.quota;
  override readonly retryable = true;
}

/** Something that cannot happen did. Always wraps the original as `cause`. */
export class BugError extends SingerError {
  readonly code = "BUG";
  readonly exitCode = exitCodes.bug;
}

/** The program that was reading our stdout has gone away (SIGPIPE's exit code). */
export class BrokenPipeError extends SingerError {
  readonly code = "BROKEN_PIPE";
  readonly exitCode = exitCodes.brokenPipe;
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A signal that asks a program to end in good order. */
export type EndingSignal = keyof typeof signalNumbers;

/** The run was ended by a signal; what was emitted before is good. Exit code 128 + signal number. */
export class InterruptedError extends SingerError {
  readonly code = "INTERRUPTED";
  readonly exitCode: number;
  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + signalNumbers[signal];
  }
}

/** A part of the run (a stream, a program) failed and has said why; its exit code is passed on. */
export class PartFailedError extends SingerError {
  readonly code = "PART_FAILED";
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Wraps whatever was thrown: our own errors pass, anything else is a bug with its cause kept. */
export function asSingerError(thrown: unknown): SingerError {
  if (thrown instanceof SingerError) return thrown;
  return new BugError("internal error", { cause: thrown });
}

/**
 * What a failed write to a file or stream means: a full disk may have room later, anything else is a setting
 * of the user's to correct.
 * @param what the file and whose it is, for the message
 */
export function asWriteError(cause: unknown, what: string): ConfigError | UnavailableError {
  const { code } = cause as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT"
    ? new UnavailableError(`${what} cannot be written: the disk is full`, { cause })
    : new ConfigError(`${what} cannot be written (${code})`, { cause });
}

const worstFirst: readonly number[] = [1, 5, 2, 3, 4, 6];

/** The exit code of several outcomes: the worst wins (1, 5, 2, 3, 4, 6, then any other, then 0). */
export function worstExitCode(codes: readonly number[]): number {
  const listed = worstFirst.find((code) => codes.includes(code));
  return listed ?? codes.find((code) => code !== 0) ?? 0;
}
