/** The whole way on one machine: sandbox company -> tap -> pipe -> target -> PostgreSQL -> dbt -> answer. */
import { spawn } from "node:child_process";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type LocalPostgres, startLocalPostgres } from "@bizops/local-postgres";
import { type Sandbox, startSandbox } from "@bizops/sandbox";
import { ConfigError, PartFailedError, type ProgramContext, SingerError } from "@bizops/singer";
import { readAnswer, renderAnswer, totals } from "./answer.ts";
import { prepareProject, readMemory, writeMemory } from "./demo-project.ts";

const help = `bizops-demo: from a sandbox company's Salesforce to sales-accepted opportunities by source

Options:
  --folder FOLDER  where the demo's project, warehouse and logs are kept (default .bizops/demo)
  --size ROWS      rows of the sandbox company, 1000 to 1000000 (default 20000; for a new folder)
  --keep           leave warehouse and sandbox running until Ctrl-C, to look around
  --help           print this

Each further run lets the company live on for a day and reads what changed.
`;

interface Options {
  readonly folder: string;
  readonly size: number;
  readonly keep: boolean;
}

/** @throws SingerError; whatever happens, nothing is left running */
export async function runDemo(context: ProgramContext): Promise<void> {
  const options = parseOptions(context.argv);
  if (options === undefined) return context.stdout.write(help);
  prepareProject(options.folder);
  const say = (text: string) => context.stdout.write(`${text}\n`);
  const memory = readMemory(options.folder);
  const step = memory === undefined ? 0 : memory.step + 1;
  await say(
    memory === undefined
      ? "First run: everything is read."
      : `Run ${step + 1}: the company has lived on for a day; what changed is read.`,
  );
  let postgres: LocalPostgres | undefined;
  let sandbox: Sandbox | undefined;
  try {
    postgres = await startLocalPostgres({ folder: join(options.folder, "postgres") });
    context.signal.throwIfAborted();
    if (postgres.folder !== join(options.folder, "postgres")) {
      await say(
        `The server's user cannot reach ${options.folder}; its data are in ${postgres.folder}`,
      );
    }
    sandbox = await startSandbox({
      size: options.size,
      step,
      // The real limit would only make the demo wait.
      marketo: { callsPer20Seconds: 1_000_000 },
    });
    await say(
      `PostgreSQL listens on ${postgres.host}:${postgres.port}, the sandbox's vendors on ${sandbox.url}`,
    );
    const environment = demoEnvironment(context.environment, postgres, sandbox);

    await say("\n1. Extract and load: Salesforce, Zuora and Marketo into PostgreSQL");
    await runBizops(["run"], options.folder, environment, context, "all");
    await say("\n2. Transform: dbt build");
    await runBizops(["transform"], options.folder, environment, context, "summary");

    const rows = await readAnswer(postgres, environment.PG_DEV_SCHEMA ?? "analytics_dev");
    await say("\n3. Sales-accepted opportunities by source\n");
    await say(renderAnswer(rows, memory?.answer));
    if (memory !== undefined && JSON.stringify(memory.answer) === JSON.stringify(totals(rows))) {
      await say("\nNo count has changed since the last run.");
    }
    writeMemory(options.folder, { step, answer: totals(rows) });
    await say("\n4. The same and more as a page to open in a browser");
    const page = join(options.folder, "report.html");
    await runBizops(["report", "--output", page], options.folder, environment, context, "all");
    await say(renderNext(options, postgres, environment));
    if (options.keep) await untilAborted(context.signal);
  } finally {
    await sandbox?.close();
    await postgres?.stop();
  }
}

function parseOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        folder: { type: "string", default: join(".bizops", "demo") },
        size: { type: "string", default: "20000" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return undefined;
    const size = Number(values.size);
    if (!Number.isInteger(size) || size < 1000 || size > 1_000_000) {
      throw new ConfigError("--size must be a whole number from 1000 to 1000000");
    }
    return { folder: resolve(values.folder), size, keep: values.keep };
  } catch (error) {
    if (error instanceof SingerError) throw error;
    throw new ConfigError(`${(error as Error).message}; see bizops demo --help`, { cause: error });
  }
}

/** What a user would set in the environment or in `.env`. */
function demoEnvironment(
  inherited: NodeJS.ProcessEnv,
  postgres: LocalPostgres,
  { url, credentials, zuora, marketo }: Sandbox,
): NodeJS.ProcessEnv {
  return {
    ...inherited,
    ...postgres.environment,
    BIZOPS_ENV: "dev",
    SFDC_URL: url,
    SFDC_USERNAME: credentials.username,
    SFDC_PASSWORD: credentials.password,
    SFDC_SECURITY_TOKEN: credentials.securityToken,
    ZUORA_URL: zuora.url,
    ZUORA_USERNAME: zuora.credentials.username,
    ZUORA_PASSWORD: zuora.credentials.password,
    MARKETO_ENDPOINT: marketo.url,
    MARKETO_CLIENT_ID: marketo.credentials.clientId,
    MARKETO_CLIENT_SECRET: marketo.credentials.clientSecret,
  };
}

/** Runs `bizops` as a user would; shows all it prints, or only the end of it unless it fails. */
function runBizops(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
  { signal, stdout }: ProgramContext,
  show: "all" | "summary",
): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    const child = spawn("bizops", ["--project", folder, ...args], {
      env: environment,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const onAbort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (show === "all") void stdout.write(chunk).catch(reject);
      else printed += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) return reject(signal.reason);
      const summary = printed.trimEnd().split("\n").at(-1) ?? "";
      const shown = code === 0 ? `${summary.replace(/^\S+\s+/, "")}\n` : printed;
      const written = show === "all" ? Promise.resolve() : stdout.write(shown);
      written.then(
        () => (code === 0 ? resolvePromise() : reject(stepFailed(args[0]!, code ?? 1))),
        reject,
      );
    });
  });
}

function stepFailed(step: string, exitCode: number): PartFailedError {
  return new PartFailedError(
    `the demo stopped: ${step} ended with exit code ${exitCode}`,
    exitCode,
  );
}

function renderNext(
  options: Options,
  postgres: LocalPostgres,
  environment: NodeJS.ProcessEnv,
): string {
  const folder = relative(process.cwd(), options.folder) || ".";
  if (options.keep) {
    const { PG_USERNAME, PG_PASSWORD, PG_DATABASE } = environment;
    const settings = Object.entries(postgres.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ");
    return `
Running until Ctrl-C. Look around with any client:
  psql postgresql://${PG_USERNAME}:${PG_PASSWORD}@${postgres.host}:${postgres.port}/${PG_DATABASE}
  select * from analytics_dev.rpt_sao_by_source;
Dashboards: this installs Superset (700 MB) and starts it.
  ${settings} npx bizops superset up`;
  }
  return `
Next:
  npm run demo              again: only what changed since is read
  npm run demo -- --keep    keep the warehouse running; look around with psql or dashboards
  ${folder}/bizops.yml   the project that just ran; docs/guides/first-project.md makes it yours`;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    // An abort listener alone does not keep the process alive.
    const alive = setInterval(() => {}, 60_000);
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      reject(signal.reason);
    });
  });
}
