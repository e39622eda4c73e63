/** `bizops report`: reads the reports out of the warehouse and writes the page. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { asWriteError, ConfigError, type ProgramContext } from "@bizops/singer";
import { connectWarehouse, reportSchema } from "./connect-warehouse.ts";
import { readFigures } from "./read-figures.ts";
import { renderPage } from "./render-page.ts";

const help = `bizops-report: the reports as one HTML page, charts included, that needs no network

Options:
  --output FILE  where to write it (default .bizops/report.html)
  --help         print this

Environment: PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME, PG_PASSWORD; BIZOPS_ENV picks the schema, as for dbt.
`;

/** @throws SingerError with the exit code of what failed */
export async function runReport({ argv, environment, stdout }: ProgramContext): Promise<void> {
  const output = parseOutput(argv);
  if (output === undefined) return stdout.write(help);
  const client = await connectWarehouse(environment);
  try {
    const figures = await readFigures(client, reportSchema(environment));
    write(output, renderPage(figures));
  } finally {
    await client.end();
  }
  await stdout.write(`${output}\n`);
}

function parseOutput(argv: readonly string[]): string | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        output: { type: "string", default: join(".bizops", "report.html") },
        help: { type: "boolean", default: false },
      },
    });
    return values.help ? undefined : resolve(values.output);
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}; see bizops report --help`, {
      cause: error,
    });
  }
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw asWriteError(cause, path);
  }
}
