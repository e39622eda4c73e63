/** A project in a folder of its own, against a sandbox and a scratch database. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "@bizops/sandbox";
import {
  commandPath,
  createScratchDatabase,
  type ProgramResult,
  type RunOptions,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";

/** The key under which the tests' pseudonyms are made. */
export const pseudonymKey = "key-of-the-tests";

/** The folder the private Python environments of this clone are kept in. */
export const cacheFolder = fileURLToPath(new URL("../../.bizops/cache", import.meta.url));

/** Each pipeline of the company as a part of bizops.yml; what is secret comes from the environment. */
const pipelineTexts = {
  salesforce: `
  salesforce:
    tap: tap-salesforce
    target: target-postgres
    config: { login_url: "\${SFDC_URL}" }`,
  zuora: `
  zuora:
    tap: tap-zuora
    target: target-postgres
    config: { poll_interval: 0.05 }`,
  marketo: `
  marketo:
    tap: tap-marketo
    target: target-postgres
    config:
      start_date: "2024-01-01T00:00:00Z"
      max_export_days: 31
      poll_interval: 0.01
      max_calls_per_20_seconds: 1000000`,
} as const;
export type PipelineName = keyof typeof pipelineTexts;

export interface ScratchProject {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly database: ScratchDatabase;
  readonly environment: { readonly [name: string]: string };
  bizops(args: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** All rows of an object as the sandbox knows them, deleted ones included. */
  truth(object: string, vendor?: PipelineName): Promise<{ readonly [field: string]: unknown }[]>;
  /** Lets the company live on for some days. */
  advance(steps: number): Promise<void>;
  close(): Promise<void>;
}

/** @param size rows of the sandbox company */
export async function createScratchProject(
  size = 1000,
  pipelines: readonly PipelineName[] = ["salesforce"],
): Promise<ScratchProject> {
  const folder = mkdtempSync(join(tmpdir(), "bizops-e2e-"));
  const parts = pipelines.map((name) => pipelineTexts[name]);
  writeFileSync(join(folder, "bizops.yml"), `pipelines:${parts.join("")}\n`);
  const [sandbox, database] = await Promise.all([
    startSandbox({ size, marketo: { callsPer20Seconds: 1_000_000 } }),
    createScratchDatabase(),
  ]);
  const { credentials, zuora, marketo } = sandbox;
  const environment = {
    ...database.environment,
    SFDC_URL: sandbox.url,
    SFDC_USERNAME: credentials.username,
    SFDC_PASSWORD: credentials.password,
    SFDC_SECURITY_TOKEN: credentials.securityToken,
    ZUORA_URL: zuora.url,
    ZUORA_USERNAME: zuora.credentials.username,
    ZUORA_PASSWORD: zuora.credentials.password,
    MARKETO_ENDPOINT: marketo.url,
    MARKETO_CLIENT_ID: marketo.credentials.clientId,
    MARKETO_CLIENT_SECRET: marketo.credentials.clientSecret,
    BIZOPS_PSEUDONYM_KEY: pseudonymKey,
    BIZOPS_CACHE: cacheFolder,
  };
  const control = async (path: string, body?: object) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${sandbox.url}/sandbox/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.text();
  };
  return {
    folder,
    sandbox,
    database,
    environment,
    bizops: (args, options = {}) =>
      runProgram(commandPath("bizops"), args, {
        folder,
        ...options,
        environment: { ...environment, ...options.environment },
      }),
    async truth(object, vendor = "salesforce") {
      const lines = (await control(`truth/${vendor}/${object}`)).split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
    },
    advance: async (steps) => void (await control("advance", { steps })),
    async close() {
      await sandbox.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
