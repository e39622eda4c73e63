/** Writes a new tap's package out of the template. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { asWriteError, ConfigError, type ProgramContext } from "@bizops/singer";

const help = `Usage: npm create @bizops/connector tap-NAME [-- --folder DIR]

Writes a package with a Singer tap for the source NAME: two streams against a small server of its
own, tests and a README. It is green at once; put your source's endpoints in the place of the two.

Options:
  --folder DIR     where to write it (default: ./tap-NAME); must not hold anything yet
  --version
  --help
`;

const template = fileURLToPath(new URL("../template", import.meta.url));
/** npm leaves files of these names out of packages, so the template has them under others. */
const renamed = { gitignore: ".gitignore" } as const;

/** @throws ConfigError on bad usage or a folder that is in use */
export async function createConnector({ argv, stdout }: ProgramContext): Promise<void> {
  const { version } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const asked = readArguments(argv);
  if (asked.help || asked.version) return stdout.write(asked.help ? help : `${version}\n`);
  const { name } = asked;
  const folder = resolve(asked.folder ?? name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new ConfigError(`${folder} is not empty; name another folder with --folder`);
  }
  try {
    writeTemplate(folder, name, version);
  } catch (error) {
    throw asWriteError(error, folder);
  }
  await stdout.write(`${name} is written. Next:

  cd ${relative(process.cwd(), folder) || "."}
  npm install
  npm test

Then put your source's endpoints into src/tap.ts; README.md says how.
`);
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parse(argv);
  const [name = ""] = positionals;
  if (!values.help && !values.version && !/^tap-[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new ConfigError("name the tap like tap-acme: lower case, digits and hyphens; see --help");
  }
  return { name, ...values };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        folder: { type: "string" },
        version: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}; see --help`);
  }
}

/** The template is a tap that works, named tap-acme. */
function writeTemplate(folder: string, name: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(template, folder, { recursive: true });
  const source = name.slice("tap-".length);
  const title = source
    .split("-")
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(" ");
  const replace = (text: string) =>
    text
      .replaceAll("tap-acme", name)
      .replaceAll("TAP_ACME", name.toUpperCase().replaceAll("-", "_"))
      .replaceAll("Acme", title)
      .replaceAll("acme", source)
      .replaceAll("0.0.0-kit", version);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, replace(readFileSync(path, "utf8")));
    const base = basename(path);
    const final = base in renamed ? renamed[base as keyof typeof renamed] : replace(base);
    if (final !== base) renameSync(path, join(entry.parentPath, final));
  }
}
