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
  const { username, password, securityToken } = sandbox.credentials;
  writeFileSync(
    join(folder, "bizops.yml"),
    "pipelines: { salesforce: { tap: tap-salesforce, target: target-postgres } }\ntransform: { project: warehouse }\n",
  );
  const run = await runProgram(commandPath("bizops"), ["mapping", "generate", "salesforce"], {
    folder,
    environment: {
      TAP_SALESFORCE_LOGIN_URL: sandbox.url,
      TAP_SALESFORCE_USERNAME: username,
      TAP_SALESFORCE_PASSWORD: password,
      TAP_SALESFORCE_SECURITY_TOKEN: securityToken,
    },
  });
  await sandbox.close();
  expect(run).toMatchObject({ code: 0 });
  expect(readTree(join(folder, "warehouse"))).toEqual(readTree(shipped));
  rmSync(folder, { recursive: true });
});
