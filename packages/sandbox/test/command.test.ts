/** The command as users run it: the built program in a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "../src/index.ts";

const BIN = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: { stdout: string; stderr: string };
  /** The exit code once the program has ended. */
  readonly ended: Promise<number | null>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [BIN, ...args]);
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    out.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    out.stderr += chunk;
  });
  return { child, out, ended: once(child, "close").then(([code]) => code as number | null) };
}

async function announced(run: Run): Promise<{ url: string }> {
  await once(run.child.stdout, "data");
  return JSON.parse(run.out.stdout) as { url: string };
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends it with %d, clients or not", async (signal, code) => {
  const run = start("--port", "0", "--size", "1000", "--json");
  const { url } = await announced(run);
  expect((await fetch(`${url}/sandbox`)).status).toBe(200);
  run.child.kill(signal);
  expect(await run.ended).toBe(code);
});

test("ends with its standard input where told to", async () => {
  const run = start("--port", "0", "--exit-with-stdin", "--json");
  await announced(run);
  run.child.stdin.end();
  expect(await run.ended).toBe(0);
});

test("a port in use is one line that says what to do, and exit 4", async () => {
  const taken: Sandbox = await startSandbox({ size: 1000 });
  try {
    const run = start("--port", String(taken.port));
    expect(await run.ended).toBe(4);
    expect(run.out.stderr).toMatch(/^bizops-sandbox: port \d+ .* --port.*\n$/);
  } finally {
    await taken.close();
  }
});

test.each([
  ["--size", "many"],
  ["--size", "5"],
  ["--step", "99999"],
  ["--port", "70000"],
  ["--nope"],
  ["extra"],
])("%s %s is bad usage: exit 2 and one line", async (...args) => {
  const run = start(...args.filter((arg) => arg !== undefined));
  expect(await run.ended).toBe(2);
  expect(run.out.stderr.trim().split("\n")).toHaveLength(1);
});

test("tells its version and its options", async () => {
  const version = start("--version");
  expect(await version.ended).toBe(0);
  expect(version.out.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = start("--help");
  expect(await help.ended).toBe(0);
  expect(help.out.stdout).toContain("--exit-with-stdin");
});
