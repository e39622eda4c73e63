/** Runs one program or a pipe of two; wall seconds, CPU seconds and each one's peak resident memory. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { UnavailableError } from "@bizops/singer";
import { interruption } from "../interruption.mjs";

/** What programs get of our environment; a PG_ADDRESS of ours must not lead them elsewhere. */
const inherited = ["PATH", "HOME", "TMPDIR", "LANG"];

/** Linux shows all programs this unit, whatever it counts in. */
const ticksPerSecond = 100;

/** The environment a measured program runs in: the little it inherits, and what it is given. */
export function programEnvironment(given = {}) {
  const kept = inherited.filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), ...given };
}

/**
 * @param commands one `[path, ...arguments]`, or two joined by a pipe
 * @param options `environment` is added to the little that is inherited; `input` is a file for stdin
 * @returns `{ seconds, cpuSeconds, peakMiB: [...] }`; CPU and memory are undefined without /proc
 * @throws UnavailableError with the last words of a program that failed
 */
export async function measurePrograms(commands, { environment, input } = {}) {
  const inputFile = input === undefined ? "ignore" : openSync(input, "r");
  const cpuBefore = readChildrenCpu();
  const started = process.hrtime.bigint();
  const children = [];
  for (const [index, [path, ...args]] of commands.entries()) {
    const child = spawn(path, args, {
      env: programEnvironment(environment),
      signal: interruption,
      stdio: [
        index === 0 ? inputFile : children[index - 1].stdout,
        index === commands.length - 1 ? "ignore" : "pipe",
        "pipe",
      ],
    });
    children.push(child);
  }
  // The pipe belongs to the two processes alone.
  for (const child of children.slice(0, -1)) child.stdout.destroy();
  try {
    const peakMiB = await Promise.all(children.map(untilEnd));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const cpuSeconds =
      cpuBefore === undefined ? undefined : (readChildrenCpu() - cpuBefore) / ticksPerSecond;
    return { seconds, cpuSeconds, peakMiB };
  } finally {
    if (inputFile !== "ignore") closeSync(inputFile);
  }
}

function untilEnd(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    let peak;
    child.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-2000);
    });
    // The high-water mark only grows, so the last reading before the end is close to the true peak.
    const timer = setInterval(() => {
      peak = readPeak(child.pid) ?? peak;
    }, 20);
    child.once("error", (error) => {
      reject(interruption.aborted ? interruption.reason : error);
    });
    child.once("close", (code, signal) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new UnavailableError(`${child.spawnfile} ended with ${code ?? signal}: ${said}`));
    });
  });
}

/** MiB, undefined if the process is gone already or there is no /proc. */
function readPeak(pid) {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readProc(`${pid}/status`)) ?? [];
  return kilobytes && Math.round(Number(kilobytes) / 1024);
}

/** User and system ticks of all our children that have ended; undefined without /proc. */
function readChildrenCpu() {
  const stat = readProc("self/stat");
  if (stat === "") return undefined;
  // The fields after the name, which stands in brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

function readProc(name) {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
  }
}
