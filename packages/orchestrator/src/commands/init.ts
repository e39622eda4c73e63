/** `bizops init`. */
import type { ProgramContext } from "@bizops/singer";
import type { Command } from "commander";
import { initProject } from "../init/init-project.ts";

export function addInitCommand(
  program: Command,
  projectFolder: () => string,
  context: ProgramContext,
): void {
  program
    .command("init")
    .description("make a project of your own out of the taps and targets that are installed")
    .argument("[folder]", "default: the project's folder")
    .option("--json", "print the result as JSON", false)
    .action(async (folder: string | undefined, { json }: { json: boolean }) => {
      const files = await initProject(folder ?? projectFolder(), context.environment);
      const text = json
        ? JSON.stringify(files, null, 2)
        : [
            ...files.map(({ path, kept }) => `${kept ? "kept   " : "written"} ${path}`),
            "Next: fill in .env, bizops doctor, bizops mapping generate for each source, bizops run",
          ].join("\n");
      await context.stdout.write(`${text}\n`);
    });
}
