/** Makes a project's folder a dbt project of its own, with the package's reports and without its models. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const shipped = fileURLToPath(new URL("../../dbt_project", import.meta.url));

/** @param pipelines more of them, as lines of bizops.yml */
export function becomeDbtProject(folder: string, pipelines = ""): void {
  const file = join(folder, "bizops.yml");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, `${before}${pipelines}transform: { project: . }\n`);
  mkdirSync(join(folder, "node_modules/@bizops"), { recursive: true });
  symlinkSync(shipped, join(folder, "node_modules/@bizops/dbt"));
  const ours = "node_modules/@bizops/dbt";
  writeFileSync(
    join(folder, "dbt_project.yml"),
    `name: acme
profile: bizops
model-paths: [models, ${ours}/models/intermediate, ${ours}/models/marts]
macro-paths: [${ours}/macros]
seed-paths: [${ours}/seeds]
test-paths: [${ours}/tests]
flags: { send_anonymous_usage_stats: false }
`,
  );
}
