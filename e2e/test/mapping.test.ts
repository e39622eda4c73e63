/** A project of one's own: Salesforce alone, loaded, mapped and built by dbt against a real PostgreSQL. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { becomeDbtProject } from "./own-dbt-project.ts";
import { createScratchProject, type ScratchProject } from "./scratch-project.ts";

let project: ScratchProject;
beforeAll(async () => {
  project = await createScratchProject();
  becomeDbtProject(project.folder);
  expect(await project.bizops(["run"])).toMatchObject({ code: 0 });
});
afterAll(() => project.close());

const count = async (table: string) => {
  const [row] = await project.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM analytics_dev.${table}`,
  );
  return row!.n;
};

test("[MAP-5] the generated models of one source build with the package's reports; what nothing feeds is empty", async () => {
  expect(await project.bizops(["mapping", "generate", "salesforce"])).toMatchObject({ code: 0 });
  expect(await project.bizops(["mapping", "check"])).toMatchObject({ code: 0, stdout: "" });
  const built = await project.bizops(["transform", "build"]);
  expect(built).toMatchObject({ code: 0 });
  expect(await count("cdm_opportunity")).toBe((await project.truth("Opportunity")).length);
  expect(await count("fct_sao")).toBeGreaterThan(0);
  expect(await count("cdm_subscription")).toBe(0);
  expect(await count("cdm_invoice")).toBe(0);
});

test("[MAP-3] a renamed field: the new column, and before it the old one's values", async () => {
  await project.database.query(
    `ALTER TABLE salesforce."Opportunity" ADD COLUMN "Incremental_ACV__c" numeric`,
  );
  await project.database.query(
    `UPDATE salesforce."Opportunity" SET "Incremental_ACV__c" = 42
     WHERE "Id" = (SELECT min("Id") FROM salesforce."Opportunity")`,
  );
  const catalogFile = join(project.folder, "catalog.json");
  const catalog = (await project.bizops(["discover", "salesforce"])).stdout;
  writeFileSync(catalogFile, catalog.replaceAll("IACV__c", "Incremental_ACV__c"));
  const generated = await project.bizops([
    ...["mapping", "generate", "salesforce", "--catalog", catalogFile],
  ]);
  expect(generated).toMatchObject({ code: 0 });
  expect(generated.stdout).toMatch(
    /opportunities.iacv <- Incremental_ACV__c \(renamed, .*IACV__c is gone/,
  );
  const before = await project.database.query(
    'SELECT opportunity_id, iacv FROM analytics_dev.cdm_opportunity ORDER BY opportunity_id COLLATE "C"',
  );
  const built = await project.bizops(["transform", "build", "--select", "+cdm_opportunity"]);
  expect(built).toMatchObject({ code: 0 });
  const after = await project.database.query(
    'SELECT opportunity_id, iacv FROM analytics_dev.cdm_opportunity ORDER BY opportunity_id COLLATE "C"',
  );
  const [{ min: first } = { min: "" }] = await project.database.query<{ min: string }>(
    `SELECT min("Id") FROM salesforce."Opportunity"`,
  );
  expect(after).toEqual(
    before.map((row) => (row.opportunity_id === first ? { ...row, iacv: "42" } : row)),
  );
});
