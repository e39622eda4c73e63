/** The command against a server of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Customer, startSource } from "./source-server.ts";

const customers: readonly Customer[] = [1, 2, 3, 4, 5].map((id) => ({
  id,
  name: `Customer ${id}`,
  email: `Person${id}@acme.example`,
  notes: "met at the fair",
  plan_id: "basic",
  updated_at: `2024-01-0${id}T00:00:00.000Z`,
}));

interface Message {
  readonly type: string;
  readonly stream?: string;
  readonly record?: { readonly [property: string]: unknown };
  readonly value?: { readonly bookmarks: { readonly [stream: string]: object } };
}

/** Runs the tap as a user would. */
async function run(args: string[], environment: { [name: string]: string }) {
  const bin = fileURLToPath(new URL("../../bin/tap-acme.js", import.meta.url));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH, BIZOPS_PSEUDONYM_KEY: "a key for tests", ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const lines = stdout
    .trim()
    .split("\n")
    .filter((line) => line.startsWith('{"type"'));
  return { code, stdout, stderr, messages: lines.map((line) => JSON.parse(line) as Message) };
}
const settings = (url: string) => ({ TAP_ACME_BASE_URL: url, TAP_ACME_API_KEY: "test-key" });
const idsOf = (messages: readonly Message[]) =>
  messages
    .filter(({ stream, type }) => stream === "customers" && type === "RECORD")
    .map(({ record }) => Number(record?.id));

test("--discover prints a catalog of all streams", async () => {
  const source = await startSource(customers);
  const { code, stdout } = await run(["--config", "ENV", "--discover"], settings(source.url));
  await source.close();
  assert.equal(code, 0);
  const { streams } = JSON.parse(stdout) as { streams: { stream: string }[] };
  assert.deepEqual(streams.map(({ stream }) => stream).sort(), ["customers", "plans"]);
});

test("all rows arrive; personal data as pseudonyms or not at all", async () => {
  const source = await startSource(customers);
  const { code, stdout, stderr, messages } = await run(["--config", "ENV"], settings(source.url));
  await source.close();
  assert.equal(code, 0);
  assert.deepEqual(idsOf(messages), [1, 2, 3, 4, 5]);
  const first = messages.find(({ record }) => record?.id === 1)?.record;
  assert.match(String(first?.email), /^[0-9a-f]{64}$/);
  assert.equal(first !== undefined && "notes" in first, false);
  assert.doesNotMatch(stdout + stderr, /person\d@|met at the fair|test-key/i);
});

test("from every state a later run reads exactly what is missing", async () => {
  const source = await startSource(customers);
  const { messages } = await run(["--config", "ENV"], settings(source.url));
  const folder = mkdtempSync(join(tmpdir(), "tap-acme-"));
  for (const [index, message] of messages.entries()) {
    if (message.type !== "STATE") continue;
    const state = join(folder, "state.json");
    writeFileSync(state, JSON.stringify(message.value));
    const later = await run(["--config", "ENV", "--state", state], settings(source.url));
    const seen = new Set([...idsOf(messages.slice(0, index)), ...idsOf(later.messages)]);
    assert.deepEqual([...seen].sort(), [1, 2, 3, 4, 5]);
  }
  rmSync(folder, { recursive: true });
  await source.close();
});

test("a source that fails for a moment costs no row", async () => {
  const source = await startSource(customers, [429, 503]);
  const { code, messages } = await run(["--config", "ENV"], settings(source.url));
  await source.close();
  assert.deepEqual([code, idsOf(messages)], [0, [1, 2, 3, 4, 5]]);
});

test("a wrong key ends with exit code 3 and does not show it", async () => {
  const source = await startSource(customers);
  const wrong = { ...settings(source.url), TAP_ACME_API_KEY: "wr0ng-key" };
  const { code, stdout, stderr } = await run(["--config", "ENV"], wrong);
  await source.close();
  assert.equal(code, 3);
  assert.doesNotMatch(stdout + stderr, /wr0ng-key/);
});
