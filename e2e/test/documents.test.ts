/** The documents keep up with the code: links resolve, every promise has a test, every test's promise exists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { commandPath, runProgram } from "@bizops/testkit";

const root = fileURLToPath(new URL("../..", import.meta.url));

function findFiles(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (/^(node_modules|dist|\.git|\.turbo|\.bizops)$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return findFiles(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

test("every link between files resolves", () => {
  const broken = findFiles(root, /\.md$/).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(file), link)))
      .map((link) => `${relative(root, file)}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("every numbered promise has a test, every number in a test's title is a promise", () => {
  const number = /\b(?:WIRE|TAP|TGT|STATE|PRIV|CLI|EXIT|LOG|RUN|MAP|INIT)-\d+\b/g;
  const promised = findFiles(join(root, "docs", "spec"), /\.md$/).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\*\*([A-Z]+-\d+)\*\*/g)].map(([, found]) => found!),
  );
  const tested = findFiles(root, /\.test\.ts$/).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/["`][^"`\n]*\[[A-Z]+-\d+\][^"`\n]*["`]/g)].flatMap(
      ([title]) => title.match(number) ?? [],
    ),
  );
  expect(new Set(tested)).toEqual(new Set(promised));
});

test("the pages of the connectors are what --about says (npm run docs)", async () => {
  for (const page of readdirSync(join(root, "docs", "connectors"))) {
    const command = commandPath(page.replace(/\.md$/, ""));
    const { stdout } = await runProgram(command, ["--about", "--format", "markdown"]);
    expect(readFileSync(join(root, "docs", "connectors", page), "utf8")).toBe(stdout);
  }
});
