/** The demo's project: an ordinary BizOps project, written once and then the user's to look at. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asWriteError } from "@bizops/singer";

const projectFile = `# The demo's project. Yours would look the same, with your own organisation behind it.
pipelines:
  salesforce:                       # also the raw schema in the warehouse
    tap: tap-salesforce             # any Singer tap
    target: target-postgres         # any Singer target
    config:
      login_url: \${SFDC_URL}        # names and secrets come from the environment or .env
      start_date: "2020-01-01T00:00:00Z"
    privacy:
      direct: pseudonymise          # names, e-mail, phones: HMAC, joinable, not readable
      free-text: drop
  zuora:
    tap: tap-zuora
    target: target-postgres
    config:
      poll_interval: 0.1            # seconds; the sandbox is quick
  marketo:
    tap: tap-marketo
    target: target-postgres
    config:
      start_date: "2024-01-01T00:00:00Z"
      max_export_days: 31
      poll_interval: 0.01
      max_calls_per_20_seconds: 1000000
`;

/** What the demo remembers between runs. */
export interface DemoMemory {
  /** How many days the sandbox company has lived on since the first run. */
  readonly step: number;
  /** Sales-accepted opportunities by source as last shown. */
  readonly answer: { readonly [source: string]: number };
}

/** The folder with the project; made if missing. @throws ConfigError or UnavailableError if it cannot be written */
export function prepareProject(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeOnce(join(folder, "bizops.yml"), projectFile, 0o644);
    const key = randomBytes(32).toString("hex");
    writeOnce(join(folder, ".env"), `BIZOPS_PSEUDONYM_KEY=${key}\n`, 0o600);
  } catch (cause) {
    throw asWriteError(cause, `the folder ${folder}`);
  }
}

/** The memory of the last finished run, or undefined on the first. */
export function readMemory(folder: string): DemoMemory | undefined {
  const file = memoryFile(folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Remembers a finished run. */
export function writeMemory(folder: string, memory: DemoMemory): void {
  const file = memoryFile(folder);
  writeFileSync(`${file}.new`, JSON.stringify(memory));
  renameSync(`${file}.new`, file);
}

function memoryFile(folder: string): string {
  return join(folder, "memory.json");
}

function writeOnce(file: string, content: string, mode: number): void {
  if (!existsSync(file)) writeFileSync(file, content, { mode });
}
