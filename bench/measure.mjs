/** Runs one process or a pipe of two; wall seconds and each process's peak resident memory. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/**
 * @param commands one `[path, ...arguments]`, or two joined by a pipe
 * @returns `{ seconds, peakMiB: [...] }`
 */
export async function measure(commands, { environment = {}, input, output = "/dev/null" } = {}) {
  const started = process.hrtime.bigint();
  const inputFile = input && openSync(input, "r");
  const outputFile = openSync(output, "w");
  const children = [];
  commands.forEach(([path, ...args], index) => {
    const last = index === commands.length - 1;
    const stdin = index > 0 ? children[index - 1].stdout : (inputFile ?? "ignore");
    const child = spawn(path, args, {
      env: { ...process.env, ...environment },
      stdio: [stdin, last ? outputFile : "pipe", "pipe"],
    });
    children.push(child);
  });
  // The pipe belongs to the two processes alone.
  for (const child of children.slice(0, -1)) child.stdout.destroy();
  const ends = await Promise.all(children.map(untilEnd));
  for (const file of [inputFile, outputFile]) if (file !== undefined) closeSync(file);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { seconds, peakMiB: ends };
}

function untilEnd(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    let peak = 0;
    child.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-2000);
    });
    // The high-water mark only grows, so the last reading before the end is close to the true peak.
    const timer = setInterval(() => {
      peak = Math.max(peak, readPeak(child.pid));
    }, 50);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(timer);
      if (code === 0) resolve(Math.round(peak));
      else reject(new Error(`${child.spawnfile} ended with ${code}: ${said}`));
    });
  });
}

function readPeak(pid) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0; // already gone, or no /proc here
  }
}
