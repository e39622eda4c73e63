/** The command: what it writes is green at once, and it refuses what it should. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandPath, runProgram } from "@bizops/testkit";

const folder = mkdtempSync(join(tmpdir(), "create-connector-"));
afterAll(() => rmSync(folder, { recursive: true }));
const create = (...args: string[]) => runProgram(commandPath("create-connector"), args, { folder });

test("a tap of one's own passes its tests and describes itself", async () => {
  const created = await create("tap-ice-cream");
  expect(created).toMatchObject({ code: 0, stderr: "" });
  expect(created.stdout).toMatch(/cd tap-ice-cream\n {2}npm install\n {2}npm test/);
  const tap = join(folder, "tap-ice-cream");
  expect(readdirSync(tap).sort()).toEqual(
    [".gitignore", "README.md", "bin", "package.json", "src", "test", "tsconfig.json"].sort(),
  );
  // In the place of npm install: these packages, and TypeScript, as this repository has them.
  symlinkSync(
    fileURLToPath(new URL("../../../node_modules", import.meta.url)),
    join(tap, "node_modules"),
  );

  const tests = await runProgram("npm", ["test"], { folder: tap });
  expect(tests).toMatchObject({ code: 0 });
  expect(tests.stdout).toMatch(/^(#|ℹ) pass 5$/m);

  const about = await runProgram(join(tap, "bin/tap-ice-cream.js"), [
    "--about",
    "--format",
    "markdown",
  ]);
  expect(about.stdout).toContain("TAP_ICE_CREAM_API_KEY");
  for (const file of ["package.json", "README.md", "src/tap.ts", "test/tap.test.ts"]) {
    expect(readFileSync(join(tap, file), "utf8")).not.toMatch(/acme|0\.0\.0-kit/i);
  }
});

test("a folder that holds something is left alone: exit 2", async () => {
  writeFileSync(join(folder, "mine"), "");
  expect(await create("tap-x", "--folder", ".")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^CRITICAL .* is not empty/),
  });
});

test.each([[[]], [["acme"]], [["tap-Acme"]], [["tap-../x"]], [["tap-a", "--nonsense"]]])(
  "%j is bad usage: exit 2",
  async (args) => {
    expect(await create(...args)).toMatchObject({ code: 2, stdout: "" });
  },
);
