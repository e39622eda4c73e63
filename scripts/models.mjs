/** `npm run models`: writes the dbt project's mappings and generated models out of the sandbox company's catalogs. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { main, root, setUp } from "./setup.mjs";

await main(async () => {
  setUp();
  const { startSandbox } = await import("@bizops/sandbox");
  const sandbox = await startSandbox({ size: 1000 });
  const folder = mkdtempSync(join(tmpdir(), "bizops-models-"));
  try {
    const { credentials, zuora, marketo } = sandbox;
    const pipelines = {
      salesforce: {
        tap: "tap-salesforce",
        target: "target-postgres",
        config: {
          login_url: sandbox.url,
          username: credentials.username,
          password: credentials.password,
          security_token: credentials.securityToken,
        },
      },
      zuora: {
        tap: "tap-zuora",
        target: "target-postgres",
        config: {
          base_url: zuora.url,
          username: zuora.credentials.username,
          password: zuora.credentials.password,
        },
      },
      marketo: {
        tap: "tap-marketo",
        target: "target-postgres",
        config: {
          endpoint: marketo.url,
          client_id: marketo.credentials.clientId,
          client_secret: marketo.credentials.clientSecret,
          start_date: "2024-01-01T00:00:00Z",
        },
      },
    };
    const transform = { project: join(root, "dbt_project") };
    writeFileSync(join(folder, "bizops.yml"), JSON.stringify({ pipelines, transform }));
    for (const source of Object.keys(pipelines)) {
      const command = join(root, "node_modules", ".bin", "bizops-mapping");
      await promisify(execFile)(command, ["-C", folder, "generate", source]);
    }
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
});
