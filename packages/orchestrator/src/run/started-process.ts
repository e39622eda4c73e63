/** Processes we started: told apart from later ones of the same number, and ended when we crashed. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { StartedProcess } from "@bizops/run-store";
import { UnavailableError } from "@bizops/singer";

/** Undefined if there is no such process any more. */
export function identifyProcess(pid: number): StartedProcess | undefined {
  const startedAt = existsSync("/proc/self/stat") ? readProc(pid) : askPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/**
 * Kills the process, and what it has started, if it still runs. What it had not committed is not lost: the
 * state does not cover it.
 * @throws UnavailableError if it cannot be ended
 */
export async function endProcess({ pid, startedAt }: StartedProcess): Promise<void> {
  const runs = () => identifyProcess(pid)?.startedAt === startedAt;
  if (!runs()) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
  for (const end = Date.now() + 10_000; runs(); await delay(20)) {
    if (Date.now() > end) {
      throw new UnavailableError(`process ${pid} of a crashed run does not end; end it by hand`);
    }
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 3 is the state, 22 the start in ticks since boot. */
function readProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined; // it has ended
  }
  // The name, in brackets, may hold blanks and brackets itself.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" ? undefined : fields[18];
}

function askPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
