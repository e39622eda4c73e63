/** The log of an attempt. A log that cannot be written on is lost; the run is not. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { asWriteError, UnavailableError } from "@bizops/singer";

export interface LogFile {
  readonly path: string;
  write(line: string): void;
  close(): void;
}

const mostBytes = 64 * 1024 * 1024;
const mostFiles = 30;

/**
 * Opens a log in `.bizops/logs`, readable by us alone, and removes those of the pipeline beyond the latest 30. When
 * it has grown to 64 MB it becomes `FILE.1`, in place of an older one, and a new one is begun.
 * @param onLost told once if it cannot be written on; what would follow is gone
 * @throws ConfigError if the folder cannot be written
 */
export function openLogFile(
  projectFolder: string,
  pipeline: string,
  onLost: (reason: string) => void,
): LogFile {
  const folder = join(projectFolder, ".bizops", "logs");
  const path = join(folder, `${pipeline}-${new Date().toISOString().replace(/[:.]/g, "-")}.log`);
  let file: number | undefined;
  let bytes = 0;
  const lose = (error: Error) => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    onLost(error.message);
  };
  try {
    mkdirSync(folder, { recursive: true });
    file = openSync(path, "a", 0o600);
    removeOldest(folder, pipeline);
  } catch (cause) {
    const error = asWriteError(cause, `the log folder ${folder}`);
    if (!(error instanceof UnavailableError)) throw error;
    lose(error);
  }
  return {
    path,
    write(line) {
      if (file === undefined) return;
      try {
        if (bytes > mostBytes) {
          closeSync(file);
          file = undefined;
          renameSync(path, `${path}.1`);
          file = openSync(path, "a", 0o600);
          bytes = 0;
        }
        bytes += writeSync(file, `${line}\n`);
      } catch (cause) {
        lose(asWriteError(cause, `the log ${path}`));
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function removeOldest(folder: string, pipeline: string): void {
  const own = new RegExp(`^${pipeline}-\\d{4}-.*\\.log$`);
  const names = readdirSync(folder)
    .filter((name) => own.test(name))
    .sort();
  for (const name of names.slice(0, -mostFiles)) {
    for (const each of [name, `${name}.1`]) rmSync(join(folder, each), { force: true });
  }
}
