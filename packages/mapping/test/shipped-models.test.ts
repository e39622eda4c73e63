/** The dbt project's own models are what the generator makes of the sandbox company's catalogs. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "@bizops/sandbox";
import { commandPath, runProgram } from "@bizops/testkit";

const shipped = fileURLToPath(new URL("../../../dbt_project", import.meta.url));

function readTree(folder: string): { [path: string]: string } {
  const entries = ["mapping", "models/generated"].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ),
  );
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), readFileSync(path, "utf8")];
    }),
  );
}

test("[MAP-5] generated anew from the sandbox, they are the same byte for byte (npm run models)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bizops-shipped-"));
  const sandbox = await startSandbox({ size: 1000 });
  const { credentials, zuora, marketo } = sandbox;
  const sources = ["salesforce", "zuora", "marketo"];
  const pipelines = sources.map((name) => `${name}: { tap: tap-${name}, target: target-postgres }`);
  writeFileSync(
    join(folder, "bizops.yml"),
    `pipelines: { ${pipelines.join(", ")} }\ntransform: { project: warehouse }\n`,
  );
  const environment = {
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
    TAP_MARKETO_START_DATE: "2024-01-01T00:00:00Z",
  };
  for (const source of sources) {
    const options = { folder, environment };
    const run = await runProgram(commandPath("bizops"), ["mapping", "generate", source], options);
    expect(run).toMatchObject({ code: 0 });
  }
  await sandbox.close();
  expect(readTree(join(folder, "warehouse"))).toEqual(readTree(shipped));
  rmSync(folder, { recursive: true });
});
