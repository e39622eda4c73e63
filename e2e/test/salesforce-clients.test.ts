/** simple-salesforce, unmodified, against the sandbox: the client most Python programs for Salesforce stand on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEnvironment } from "@bizops/python-environment";
import { startSandbox } from "@bizops/sandbox";
import { runProgram } from "@bizops/testkit";
import { createAuthority } from "@bizops/testkit/certificates";
import { cacheFolder } from "./scratch-project.ts";

const file = (name: string) => fileURLToPath(new URL(`../python/${name}`, import.meta.url));
const signal = new AbortController().signal;

test("simple-salesforce reads the same rows by REST, Bulk API 1.0 and Bulk API 2.0", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bizops-clients-"));
  const authority = createAuthority("Sandbox test authority");
  const tls = authority.issue({ commonName: "sandbox", addresses: ["127.0.0.1"] });
  // The same seed and size are the same rows; the one without TLS says what they are.
  const [secure, plain] = await Promise.all([
    startSandbox({ size: 9_000, tls }),
    startSandbox({ size: 9_000 }),
  ]);
  try {
    writeFileSync(join(folder, "authority.pem"), authority.certificate);
    const lock = file("simple-salesforce.lock");
    const made = await ensureEnvironment(lock, cacheFolder, process.env, signal, () => {});
    const { clientId, clientSecret } = secure.credentials;
    const run = await runProgram(
      join(made, "bin", "python"),
      [file("read-with-simple-salesforce.py"), secure.url, join(folder, "authority.pem")],
      { environment: { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } },
    );
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const truth = await (await fetch(`${plain.url}/sandbox/truth/salesforce/Lead`)).text();
    const expected = truth
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ Id, Description, Email }) => [Id, Description, Email]);
    expect(expected.length).toBeGreaterThan(1000);
    const { described, rest, bulk, bulk2 } = JSON.parse(run.stdout);
    expect(described).toEqual(["Id"]);
    for (const [name, rows] of Object.entries({ rest, bulk, bulk2 })) {
      expect([name, rows]).toEqual([name, expected]);
    }
  } finally {
    await Promise.all([secure.close(), plain.close()]);
    rmSync(folder, { recursive: true });
  }
});
