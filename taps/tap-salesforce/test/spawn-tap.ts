/** Runs the built command as a user would, and reads what it wrote. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Message, parseMessage, type Row } from "@bizops/singer";

export interface TapRun {
  readonly config: object;
  readonly catalog?: object;
  readonly state?: unknown;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Sends SIGTERM as soon as stderr matches. */
  readonly killAt?: RegExp;
}

export interface TapResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function spawnTap(run: TapRun): Promise<TapResult> {
  const folder = mkdtempSync(join(tmpdir(), "tap-salesforce-"));
  const put = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const args = [
    "--config",
    put("config.json", run.config),
    ...(run.catalog ? ["--catalog", put("catalog.json", run.catalog)] : []),
    ...(run.state ? ["--state", put("state.json", run.state)] : []),
    ...(run.args ?? []),
  ];
  const bin = new URL("../dist/bin.js", import.meta.url).pathname;
  const environment = { PATH: process.env.PATH, BIZOPS_PSEUDONYM_KEY: "test-key" };
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...environment, ...run.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (!child.killed && run.killAt?.test(stderr)) child.kill("SIGTERM");
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  rmSync(folder, { recursive: true });
  return { code, stdout, stderr };
}

export function readMessages({ stdout }: TapResult): Message[] {
  const lines = stdout.split("\n").slice(0, -1);
  return lines.map((line, index) => parseMessage(line, index + 1));
}

/** The value of the last STATE. */
export function lastState(result: TapResult): unknown {
  return readMessages(result).reduce<unknown>(
    (last, message) => (message.type === "STATE" ? message.value : last),
    undefined,
  );
}

/** A warehouse in miniature: stream -> Id -> row, the last record of an Id wins. */
export type Tables = Map<string, Map<string, Row>>;

/** @param beforeLastState only what a STATE covers, as a target that was killed would have kept */
export function load(
  result: TapResult,
  tables: Tables = new Map(),
  beforeLastState = false,
): Tables {
  const messages = readMessages(result);
  const end = beforeLastState
    ? messages.map(({ type }) => type).lastIndexOf("STATE")
    : messages.length;
  for (const message of messages.slice(0, end)) {
    if (message.type !== "RECORD") continue;
    const table = tables.get(message.stream) ?? new Map<string, Row>();
    table.set(String(message.record.Id), message.record);
    tables.set(message.stream, table);
  }
  return tables;
}

/** The part of a discovered stream that tests look at. */
export interface CatalogEntry {
  readonly stream: string;
  readonly schema: { properties: { [name: string]: { [keyword: string]: unknown } } };
  readonly metadata: { breadcrumb: string[]; metadata: { [name: string]: unknown } }[];
}

/** A catalog with all that can be read selected. */
export async function selectEverything(config: object): Promise<{ streams: CatalogEntry[] }> {
  const { stdout } = await spawnTap({ config, args: ["--discover"] });
  const catalog = JSON.parse(stdout) as { streams: CatalogEntry[] };
  for (const { metadata } of catalog.streams) {
    for (const entry of metadata) entry.metadata.selected = true;
  }
  return catalog;
}
