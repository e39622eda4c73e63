/** The pipe: two processes, no shell, bytes passed on and never parsed. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { StartedProcess } from "@bizops/run-store";
import { readLines as readLineBatches, UnavailableError } from "@bizops/singer";
import { identifyProcess } from "./started-process.ts";

/** One end of the pipe. */
export interface Command {
  readonly path: string;
  readonly args: readonly string[];
}

export interface PipeRequest {
  readonly tap: Command;
  readonly target: Command;
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Told once which processes run. */
  readonly onStart: (processes: readonly StartedProcess[]) => void;
  /** Each line the target writes to stdout: a STATE value. */
  readonly onState: (line: string) => void;
  readonly onLog: (source: "tap" | "target", line: string) => void;
  readonly signal: AbortSignal;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How the pipe ended. */
export interface PipeEnd {
  readonly tap: ProcessEnd;
  readonly target: ProcessEnd;
  /** The target ended while the tap was still running: what became of the tap is a consequence. */
  readonly targetEndedFirst: boolean;
  /** Bytes that went through. */
  readonly bytes: number;
}

/**
 * Runs `tap | target` to the end. An abort passes SIGTERM on to the tap; the target then sees the end of its
 * input, commits what it has and ends by itself.
 * @throws UnavailableError if a process cannot be started
 */
export async function spawnPipe(request: PipeRequest): Promise<PipeEnd> {
  const options = { cwd: request.folder, env: request.environment, detached: true };
  const tap = spawn(request.tap.path, request.tap.args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const target = spawn(request.target.path, request.target.args, {
    ...options,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const pids = [tap.pid, target.pid].filter((pid) => pid !== undefined);
  request.onStart(pids.map(identifyProcess).filter((found) => found !== undefined));
  let bytes = 0;
  let tapRunning = true;
  let targetEndedFirst = false;
  const tapEnd = untilEnd(tap, request.tap).finally(() => {
    tapRunning = false;
  });
  const targetEnd = untilEnd(target, request.target).finally(() => {
    targetEndedFirst = tapRunning;
    tap.kill("SIGTERM");
  });
  const onAbort = () => tap.kill("SIGTERM");
  request.signal.addEventListener("abort", onAbort);
  if (request.signal.aborted) onAbort();

  tap.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const flow = pipeline(tap.stdout, target.stdin).catch(() => {
    // One end has gone; the exit codes tell which and why.
  });
  const reading = [
    readLines(target.stdout, request.onState),
    readLines(tap.stderr, (line) => request.onLog("tap", line)),
    readLines(target.stderr, (line) => request.onLog("target", line)),
  ];
  try {
    const [tapResult, targetResult] = await Promise.all([tapEnd, targetEnd, flow, ...reading]);
    return { tap: tapResult, target: targetResult, targetEndedFirst, bytes };
  } catch (error) {
    tap.kill("SIGTERM");
    target.kill("SIGTERM");
    await Promise.allSettled([tapEnd, targetEnd]);
    throw error;
  } finally {
    request.signal.removeEventListener("abort", onAbort);
  }
}

function untilEnd(child: ChildProcess, { path }: Command): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      reject(new UnavailableError(`${path} cannot be started`, { cause }));
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

async function readLines(output: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const { bytes } of readLineBatches(output, {
    maxLineBytes: Number.MAX_SAFE_INTEGER,
  })) {
    for (const line of bytes.toString().replace(/\n$/, "").split("\n")) onLine(line);
  }
}
