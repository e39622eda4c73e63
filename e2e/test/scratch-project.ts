/** A project of one pipeline in a folder of its own, against a sandbox and a scratch database. */
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

const projectFile = `
pipelines:
  salesforce:
    tap: tap-salesforce
    target: target-postgres
    config: { login_url: "\${SFDC_URL}" }
`;

export interface ScratchProject {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly database: ScratchDatabase;
  readonly environment: { readonly [name: string]: string };
  bizops(args: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** All rows of an object as the sandbox knows them, deleted ones included. */
  truth(object: string): Promise<{ readonly [field: string]: unknown }[]>;
  /** Lets the company live on for some days. */
  advance(steps: number): Promise<void>;
  close(): Promise<void>;
}

/** @param size rows of the sandbox company */
export async function createScratchProject(size = 1000): Promise<ScratchProject> {
  const folder = mkdtempSync(join(tmpdir(), "bizops-e2e-"));
  writeFileSync(join(folder, "bizops.yml"), projectFile);
  const [sandbox, database] = await Promise.all([startSandbox({ size }), createScratchDatabase()]);
  const { username, password, securityToken } = sandbox.credentials;
  const environment = {
    ...database.environment,
    SFDC_URL: sandbox.url,
    SFDC_USERNAME: username,
    SFDC_PASSWORD: password,
    SFDC_SECURITY_TOKEN: securityToken,
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
    async truth(object) {
      const lines = (await control(`truth/salesforce/${object}`)).split("\n");
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
