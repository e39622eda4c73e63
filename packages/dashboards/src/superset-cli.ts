/** The command line of `bizops superset`. */
import { join } from "node:path";
import type { ProgramContext } from "@bizops/singer";
import { quiet, readEnvironment } from "./environment.ts";
import { readStatus, startSuperset, stopSuperset } from "./local-superset.ts";
import { createProgram, parseProgram } from "./program.ts";
import { ensureReader } from "./reader-role.ts";
import { connectSuperset } from "./superset-client.ts";
import { push } from "./synchronise.ts";
import { readWarehouse } from "./warehouse.ts";

const help = `
Environment (or .env): PG_ADDRESS, PG_PORT, PG_DATABASE, PG_USERNAME, PG_PASSWORD. Superset reads the warehouse as a role
of its own, bizops_dashboards, which up makes; set DASHBOARDS_PG_USERNAME and DASHBOARDS_PG_PASSWORD to bring one.`;

/** @throws SingerError with the exit code of what failed */
export async function runSuperset(context: ProgramContext): Promise<void> {
  const environment = readEnvironment(context.environment);
  const say = (text: string) => context.stdout.write(`${text}\n`);
  const program = createProgram("bizops-superset", "a private Superset on this machine", context)
    .option("--folder <folder>", "where its data are kept", join(".bizops", "superset"))
    .addHelpText("after", help);
  const folder = () => program.opts<{ folder: string }>().folder;
  program
    .command("up")
    .description("install it, if need be, start it, and push the dashboards")
    .option("--port <number>", "where to listen on 127.0.0.1", "8088")
    .action(async ({ port }: { port: string }) => {
      await bringUp(folder(), port, environment, context);
    });
  program
    .command("down")
    .description("stop it; its data stay")
    .action(async () => {
      const stopped = await stopSuperset(folder());
      await say(stopped ? "Superset is stopped" : "Superset was not running");
    });
  program
    .command("status")
    .description("say whether it runs and answers, and where")
    .option("--json", "print the result as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const status = await readStatus(folder());
      if (json) return say(JSON.stringify(status, null, 2));
      if (!status.running) return say("Superset is not running: bizops superset up");
      await say(
        `Superset runs at ${status.url} and ${status.answers ? "answers" : "does not answer yet"}`,
      );
    });
  await parseProgram(program, context);
}

/** Starts it, pushes the dashboards and says where it is. */
async function bringUp(
  folder: string,
  port: string,
  environment: NodeJS.ProcessEnv,
  { log, signal, stdout }: ProgramContext,
): Promise<void> {
  const reader = await ensureReader(environment, folder);
  const onStep = (step: string) => log.info(step);
  const { url, login, isNew } = await startSuperset(folder, port, environment, signal, onStep);
  const warehouse = readWarehouse({ ...environment, ...reader });
  const pushed = await push({
    folder: "dashboards",
    manifest: join(".bizops", "dbt", "target", "manifest.json"),
    overwrite: false,
    schema: warehouse.schema,
    superset: connectSuperset({ url, login }, quiet(log), signal),
    warehouse,
  });
  await stdout.write(
    `Superset is at ${url}; ${pushed.length} dashboards, charts and datasets were brought up to date\n`,
  );
  if (!isNew) return;
  // Printed once; afterwards it is in the folder, for us alone to read.
  await stdout.write(`Log in as ${login.username} with the password ${login.password}\n`);
}
