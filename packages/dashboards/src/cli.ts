/** The command line of `bizops dashboards`. */
import { join } from "node:path";
import type { ProgramContext } from "@bizops/singer";
import type { Command } from "commander";
import type { Difference } from "./compare.ts";
import { createDashboard } from "./create-dashboard.ts";
import { describeDifference, renderPatch } from "./describe-difference.ts";
import { quiet, readEnvironment } from "./environment.ts";
import { ensureFolder, fileOf, readFolder, writeAsset } from "./folder.ts";
import { withLocalSuperset } from "./local-superset.ts";
import { readModels } from "./models.ts";
import { createProgram, parseProgram } from "./program.ts";
import { connectSuperset, readAddress } from "./superset-client.ts";
import { diff, pull, push, type Sides } from "./synchronise.ts";
import { readWarehouse, reportSchema } from "./warehouse.ts";

const help = `
Environment (or .env): SUPERSET_URL, SUPERSET_USERNAME and SUPERSET_PASSWORD, or SUPERSET_TOKEN;
to push also PG_ADDRESS, PG_PORT, PG_DATABASE, DASHBOARDS_PG_USERNAME, DASHBOARDS_PG_PASSWORD.
none of them is needed for the Superset that bizops superset up has started here.`;

/** What every command works with; read when one runs, so that --help needs no setting. */
interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly options: () => { readonly folder: string; readonly manifest: string };
  readonly sides: () => Sides;
  readonly say: (text: string) => Promise<void>;
}

/** @throws SingerError with the exit code of what failed */
export async function runDashboards(context: ProgramContext): Promise<void> {
  const local = join(".bizops", "superset");
  const environment = withLocalSuperset(readEnvironment(context.environment), local);
  const manifest = join(".bizops", "dbt", "target", "manifest.json");
  const description = "dashboards as files: into Superset and back";
  const program = createProgram("bizops-dashboards", description, context)
    .option("--folder <folder>", "the files; where it is missing, those of BizOps", "dashboards")
    .option("--manifest <file>", "dbt's manifest, to know the columns by", manifest)
    .addHelpText("after", help);
  const options = () => program.opts<{ folder: string; manifest: string }>();
  const surroundings: Surroundings = {
    environment,
    options,
    sides: () => ({
      folder: options().folder,
      superset: connectSuperset(readAddress(environment), quiet(context.log), context.signal),
      schema: reportSchema(environment),
    }),
    say: (text) => context.stdout.write(`${text}\n`),
  };
  for (const add of [addPush, addPull, addDiff, addNew]) add(program, surroundings);
  await parseProgram(program, context);
}

const json = ["--json", "print the result as JSON", false] as const;

function addPush(program: Command, { environment, options, sides, say }: Surroundings): void {
  program
    .command("push")
    .description("bring Superset to what the files say; refused where Superset was changed, too")
    .option("--overwrite", "take the files' side where both were changed", false)
    .option("--exposures <file>", "write the dashboards as dbt exposures")
    .option(...json)
    .action(async (flags: { overwrite: boolean; exposures?: string; json: boolean }) => {
      const warehouse = readWarehouse(environment);
      const { manifest } = options();
      const { overwrite, exposures } = flags;
      const request = { ...sides(), warehouse, manifest, overwrite, exposures };
      const differences = await push(request);
      const same = `no difference: ${request.superset.url} holds what the files say`;
      await say(flags.json ? renderJson(differences) : summarise(differences, "pushed", same));
    });
}

function addPull(program: Command, { sides, say }: Surroundings): void {
  program
    .command("pull")
    .description("bring the files to what Superset holds; refused where both were changed")
    .argument("[titles...]", "dashboards that are in Superset only, to be taken along")
    .option("--overwrite", "take Superset's side where both were changed", false)
    .option(...json)
    .action(async (titles: string[], flags: { overwrite: boolean; json: boolean }) => {
      const differences = await pull(sides(), titles, flags.overwrite);
      const same = "no difference: the files hold what Superset does";
      await say(flags.json ? renderJson(differences) : summarise(differences, "written", same));
    });
}

function addDiff(program: Command, { sides, say }: Surroundings): void {
  program
    .command("diff")
    .description("show what differs, and on which side it was changed since the last push or pull")
    .option(...json)
    .action(async (flags: { json: boolean }) => {
      const differences = await diff(sides());
      if (flags.json) return say(renderJson(differences));
      if (differences.length === 0) return say("no difference");
      for (const each of differences) {
        await say(`${describeDifference(each)}\n${renderPatch(each)}`);
      }
    });
}

function addNew(program: Command, { options, say }: Surroundings): void {
  program
    .command("new")
    .description("begin a dashboard of a report, to be made better in Superset and pulled back")
    .argument("<title>")
    .requiredOption("--model <name>", "the report it shows, a model of dbt")
    .action(async (title: string, { model }: { model: string }) => {
      const folder = ensureFolder(options().folder);
      const models = readModels(options().manifest);
      for (const asset of createDashboard(title, model, readFolder(folder), models)) {
        writeAsset(folder, asset);
        await say(fileOf(folder, asset));
      }
    });
}

function renderJson(differences: readonly Difference[]): string {
  const rows = differences.map((each) => {
    const { kind } = (each.folder ?? each.superset)!;
    const { uuid, changedIn } = each;
    return { kind, uuid, changedIn, what: describeDifference(each) };
  });
  return JSON.stringify(rows, null, 2);
}

function summarise(differences: readonly Difference[], done: string, same: string): string {
  if (differences.length === 0) return same;
  return [...differences.map(describeDifference), `${differences.length} ${done}`].join("\n");
}
