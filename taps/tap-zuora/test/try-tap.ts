/** Runs the built command against a sandbox, loads what it wrote and compares it with the truth. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "@bizops/sandbox";
import { type Message, parseJson, type Row, renderJson } from "@bizops/singer";
import { commandPath, type ProgramResult, readMessages, runProgram } from "@bizops/testkit";

export interface TapRun {
  readonly settings?: object;
  readonly catalog?: object | undefined;
  readonly state?: unknown;
  readonly args?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  /** Sends a signal as soon as stdout matches. */
  readonly kill?: { readonly at: RegExp; readonly signal: NodeJS.Signals };
}

export function settingsFor(sandbox: Sandbox): object {
  const { username, password } = sandbox.zuora.credentials;
  return {
    base_url: sandbox.zuora.url,
    username,
    password,
    privacy: { direct: "keep", "free-text": "keep" },
  };
}

export async function runTap(sandbox: Sandbox, run: TapRun = {}): Promise<ProgramResult> {
  const folder = mkdtempSync(join(tmpdir(), "tap-zuora-"));
  const put = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const args = [
    ...["--config", put("config.json", { ...settingsFor(sandbox), ...run.settings })],
    ...(run.catalog ? ["--catalog", put("catalog.json", run.catalog)] : []),
    ...(run.state ? ["--state", put("state.json", run.state)] : []),
    ...(run.args ?? []),
  ];
  const { kill } = run;
  const result = await runProgram(commandPath("tap-zuora"), args, {
    environment: { BIZOPS_PSEUDONYM_KEY: "test-key", ...run.environment },
    onStart(child) {
      let stdout = "";
      child.stdout?.on("data", (text: string) => {
        stdout += text;
        if (kill?.at.test(stdout)) child.kill(kill.signal);
      });
    },
  });
  rmSync(folder, { recursive: true });
  return result;
}

export async function control(
  sandbox: Sandbox,
  path: string,
  body: unknown = {},
  method = "POST",
): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method,
    ...(method === "POST" && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
}

/** A warehouse in miniature: stream -> Id -> row, the last record of an Id wins. */
export type Tables = Map<string, Map<string, Row>>;

export function load(messages: readonly Message[], tables: Tables = new Map()): Tables {
  for (const message of messages) {
    if (message.type !== "RECORD") continue;
    const table = tables.get(message.stream) ?? new Map<string, Row>();
    table.set(String(message.record.Id), message.record);
    tables.set(message.stream, table);
  }
  return tables;
}

export function recordsOf(messages: readonly Message[]): string[] {
  return messages.flatMap((message) =>
    message.type === "RECORD" ? [`${message.stream} ${message.record.Id}`] : [],
  );
}

export function statesOf({ stdout }: { readonly stdout: string }): unknown[] {
  return readMessages(stdout).flatMap((each) => (each.type === "STATE" ? [each.value] : []));
}

/** Every row of an object as the sandbox has it, deleted ones too. */
export async function truthOf(sandbox: Sandbox, object: string): Promise<Map<string, Row>> {
  const response = await fetch(`${sandbox.url}/sandbox/truth/zuora/${object}`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  const rows = lines.map((line) => parseJson(line) as Row);
  return new Map(rows.map((row) => [String(row.Id), row]));
}

/**
 * Row by row, and every field the tap gave. A row that is deleted in truth may be there; if the tap tells of
 * deletions, then only with that mark.
 */
export async function expectTruth(
  sandbox: Sandbox,
  tables: Tables,
  streams: readonly string[],
  tellsDeleted = true,
): Promise<void> {
  for (const stream of streams) {
    const truth = await truthOf(sandbox, stream);
    const table = tables.get(stream) ?? new Map<string, Row>();
    const live = [...truth].filter(([, row]) => row.Deleted === false).map(([id]) => id);
    const found = [...table.keys()].filter((id) => truth.get(id)?.Deleted !== true);
    expect([stream, found.sort()]).toEqual([stream, live.sort()]);
    for (const [id, row] of table) {
      const real = truth.get(id)!;
      if (real.Deleted === true && !tellsDeleted) continue;
      const expected = Object.fromEntries(Object.keys(row).map((field) => [field, real[field]]));
      if (renderJson(row) !== renderJson(expected as Row))
        expect([stream, row]).toEqual([stream, expected]);
    }
  }
}

export interface CatalogEntry {
  readonly stream: string;
  readonly schema: { properties: { [name: string]: { [keyword: string]: unknown } } };
  readonly metadata: { breadcrumb: string[]; metadata: { [name: string]: unknown } }[];
}

export const metadataOf = ({ metadata }: CatalogEntry, field?: string) =>
  metadata.find(({ breadcrumb }) => breadcrumb[1] === field)?.metadata;

/** A catalog with the streams selected, and all or some of their fields. */
export async function select(
  sandbox: Sandbox,
  streams: readonly string[] | "all",
  fields: readonly string[] | "all" = "all",
  settings: object = {},
): Promise<{ streams: CatalogEntry[] }> {
  const { stdout } = await runTap(sandbox, { args: ["--discover"], settings });
  const catalog = JSON.parse(stdout) as { streams: CatalogEntry[] };
  for (const entry of catalog.streams) {
    for (const { breadcrumb, metadata } of entry.metadata) {
      metadata.selected =
        breadcrumb.length === 0
          ? streams === "all" || streams.includes(entry.stream)
          : fields === "all" || fields.includes(breadcrumb[1]!);
    }
  }
  return catalog;
}
