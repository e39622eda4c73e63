/** Tokens in files, with real processes that die. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTokenFile } from "../src/index.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "token-file-"));
  path = join(folder, "secrets", "crm.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = (configured: string) =>
  openTokenFile({ path, configured, signal: new AbortController().signal });
const rotateTo = (token: string) => async (result: string) => ({ result, token });

test("the next run uses what the last one was given, until the settings have another", async () => {
  expect(await open("a").use(rotateTo("b"))).toBe("a");
  expect(await open("a").use(rotateTo("c"))).toBe("b");
  expect(await open("a").use(rotateTo("c"))).toBe("c");
  expect(await open("z").use(rotateTo("y"))).toBe("z");
  expect(await open("z").use(rotateTo("y"))).toBe("y");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).not.toContain('"z"');
  expect(readdirSync(join(folder, "secrets"))).toEqual(["crm.json"]);
});

test("uses at the same time follow one another", async () => {
  const seen = await Promise.all(
    Array.from({ length: 8 }, () =>
      open("0").use(async (token) => ({ result: token, token: String(Number(token) + 1) })),
    ),
  );
  expect(seen.map(Number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a use that fails leaves the token and the lock as they were", async () => {
  await open("a").use(rotateTo("b"));
  await expect(
    open("a").use(async () => {
      throw new Error("refused");
    }),
  ).rejects.toThrow("refused");
  expect(await open("a").use(rotateTo("b"))).toBe("b");
});

test("the lock of a process that was killed does not hold", async () => {
  const script = `
    import { openTokenFile } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const options = { path: process.argv[1], configured: "a", signal: new AbortController().signal };
    setInterval(() => {}, 1000);
    await openTokenFile(options).use(() => { console.log("in use"); return new Promise(() => {}); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, path]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const waiting = [open("a").use(rotateTo("b")), open("a").use(rotateTo("c"))];
  child.kill("SIGKILL");
  expect((await Promise.all(waiting)).sort()).toEqual(["a", expect.stringMatching(/[bc]/)]);
});

test("a file that is no token file is a config error, before the token is used", async () => {
  await open("a").use(rotateTo("b"));
  writeFileSync(path, '{"tok');
  chmodSync(path, 0o600);
  const used: string[] = [];
  const attempt = open("a").use(async (token) => {
    used.push(token);
    return { result: token, token };
  });
  await expect(attempt).rejects.toMatchObject({ exitCode: 2 });
  expect(used).toEqual([]);
});
