/** Runs the built command as a user would, and keeps what it wrote in tables. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, Row } from "@bizops/singer";
import { commandPath, type ProgramResult, readMessages, runProgram } from "@bizops/testkit";

export interface TapRun {
  readonly config: object;
  readonly catalog?: object | undefined;
  readonly state?: unknown;
  readonly args?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
}

export async function spawnTap(run: TapRun): Promise<ProgramResult> {
  const folder = mkdtempSync(join(tmpdir(), "tap-marketo-"));
  const put = (flag: string, content: unknown): string[] => {
    if (content === undefined) return [];
    const path = join(folder, `${flag}.json`);
    writeFileSync(path, JSON.stringify(content));
    return [`--${flag}`, path];
  };
  const args = [
    ...put("config", run.config),
    ...put("catalog", run.catalog),
    ...put("state", run.state),
    ...(run.args ?? []),
  ];
  const environment = { BIZOPS_PSEUDONYM_KEY: "test-key", ...run.environment };
  const result = await runProgram(commandPath("tap-marketo"), args, { environment });
  rmSync(folder, { recursive: true });
  return result;
}

export const messagesOf = ({ stdout }: ProgramResult): Message[] => readMessages(stdout);

/** The value of the last STATE. */
export function lastState(result: ProgramResult): unknown {
  return messagesOf(result).reduce<unknown>(
    (last, message) => (message.type === "STATE" ? message.value : last),
    undefined,
  );
}

/** A warehouse in miniature: stream -> key -> row; the last record of a key wins, a new version replaces all. */
export type Tables = Map<string, Map<string, Row>>;

export function load(messages: readonly Message[], tables: Tables = new Map()): Tables {
  const keys = new Map<string, readonly string[]>();
  const replaced = new Set<string>();
  for (const message of messages) {
    if (message.type === "SCHEMA") {
      keys.set(message.stream, message.keyProperties);
      if (!tables.has(message.stream)) tables.set(message.stream, new Map());
    }
    if (message.type !== "RECORD") continue;
    if (message.version !== undefined && !replaced.has(message.stream)) {
      replaced.add(message.stream);
      tables.get(message.stream)!.clear();
    }
    const key = keys.get(message.stream)!.map((name) => String(message.record[name]));
    tables.get(message.stream)!.set(key.join("/"), message.record);
  }
  return tables;
}

export function countRecords(result: ProgramResult, stream?: string): number {
  const isWanted = (message: Message) =>
    message.type === "RECORD" && (stream === undefined || message.stream === stream);
  return messagesOf(result).filter(isWanted).length;
}
