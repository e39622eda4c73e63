/** Salesforce, Zuora and Marketo through the same models: rows as the taps name them, dbt, the common data model. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandPath, runProgram } from "@bizops/testkit";
import { billing, marketing, type Stream, toCatalog, toMessages } from "./mapping-rows.ts";
import { becomeDbtProject } from "./own-dbt-project.ts";
import { createScratchProject, type ScratchProject } from "./scratch-project.ts";

let project: ScratchProject;
let campaign: { readonly Id: string; readonly ActualCost: string };
beforeAll(async () => {
  project = await createScratchProject();
  becomeDbtProject(
    project.folder,
    `  zuora: { tap: tap-zuora, target: target-postgres }
  marketo: { tap: tap-marketo, target: target-postgres }
`,
  );
  expect(await project.bizops(["run", "salesforce"])).toMatchObject({ code: 0 });
  const campaigns = await project.database.query<typeof campaign>(
    `SELECT "Id", "ActualCost" FROM salesforce."Campaign" WHERE "ActualCost" > 0 ORDER BY "Id" LIMIT 1`,
  );
  campaign = campaigns[0]!;
  expect(await project.bizops(["mapping", "generate", "salesforce"])).toMatchObject({ code: 0 });
  await load("zuora", billing);
  await load("marketo", marketing(campaign.Id));
  const built = await project.bizops(["transform"]);
  expect(built).toMatchObject({ code: 0 });
});
afterAll(() => project.close());

/** Loads a source's rows through the target and maps them. */
async function load(source: string, streams: readonly Stream[]): Promise<void> {
  const config = join(project.folder, `${source}.json`);
  writeFileSync(config, JSON.stringify({ default_target_schema: source }));
  const loaded = await runProgram(
    commandPath("target-postgres"),
    ["--config", config, "--config", "ENV"],
    { input: toMessages(streams), environment: project.environment },
  );
  expect(loaded).toMatchObject({ code: 0 });
  const catalog = join(project.folder, `${source}-catalog.json`);
  writeFileSync(catalog, toCatalog(streams));
  const command = ["generate", source, "--catalog", catalog, "--json"];
  const generated = await project.bizops(["mapping", ...command]);
  expect(generated).toMatchObject({ code: 0 });
  expect(JSON.parse(generated.stdout)).toMatchObject({ problems: [], proposals: [] });
}

function read(table: string, columns: string, source: string) {
  return project.database.query(
    `SELECT ${columns} FROM analytics_dev.${table} WHERE source = '${source}' ORDER BY 1`,
  );
}

test("accounts of Zuora name their Salesforce account; deleted ones are kept and marked", async () => {
  expect(await read("cdm_account", "account_id, crm_account_id, is_deleted", "zuora")).toEqual([
    { account_id: "za", crm_account_id: "001A", is_deleted: false },
    { account_id: "zb", crm_account_id: null, is_deleted: true },
  ]);
});

test("a subscription's versions have the revenue of their last segments, no digit lost", async () => {
  const columns =
    "subscription_id, account_id, name, version::int, status, start_date::text, cancelled_at, mrr";
  expect(await read("cdm_subscription", columns, "zuora")).toEqual([
    {
      ...{ subscription_id: "s1", account_id: "za", name: "A-S1", version: 1, status: "Expired" },
      ...{ start_date: "2026-01-01", cancelled_at: null, mrr: "100.250000001" },
    },
    {
      ...{ subscription_id: "s2", account_id: "za", name: "A-S1", version: 2, status: "Cancelled" },
      ...{ start_date: "2026-01-01", cancelled_at: new Date("2026-06-01T00:00:00Z"), mrr: "0" },
    },
  ]);
});

test("invoices without the deleted ones", async () => {
  const columns = "invoice_id, account_id, invoice_date::text, amount, status";
  expect(await read("cdm_invoice", columns, "zuora")).toEqual([
    {
      ...{ invoice_id: "i1", account_id: "za", invoice_date: "2026-02-01", amount: "1203.5" },
      status: "Posted",
    },
  ]);
});

test("leads of Marketo name their Salesforce contact, else lead; deletions are told by their activities", async () => {
  expect(await read("cdm_person", "person_id, kind, crm_person_id, is_deleted", "marketo")).toEqual(
    [
      { person_id: "1", kind: "lead", crm_person_id: "003C", is_deleted: false },
      { person_id: "2", kind: "lead", crm_person_id: "00QL", is_deleted: false },
      { person_id: "3", kind: "lead", crm_person_id: null, is_deleted: true },
    ],
  );
});

test("touches are the listed kinds of activities, of the program they belong to", async () => {
  const columns = "touch_id, person_id, campaign_id, kind, asset";
  expect(await read("cdm_touch", columns, "marketo")).toEqual([
    {
      ...{ touch_id: "g1", person_id: "1", campaign_id: "500", kind: "Visit Webpage" },
      asset: "/price",
    },
    { touch_id: "g2", person_id: "2", campaign_id: null, kind: "Visit Webpage", asset: "/blog" },
    {
      ...{ touch_id: "g3", person_id: "1", campaign_id: "501", asset: null },
      kind: "Change Status in Progression",
    },
  ]);
});

test("a program's costs are spend on their days; the Salesforce campaign it points to has none then", async () => {
  const columns = "spend_id, spent_on::text, amount, campaign_id, channel, kind";
  expect(await read("cdm_spend", columns, "marketo")).toEqual([
    {
      ...{ spend_id: "500-0", spent_on: "2026-03-01", amount: "10.5", campaign_id: "500" },
      ...{ channel: "Webinar", kind: "program" },
    },
    {
      ...{ spend_id: "500-1", spent_on: "2026-04-01", amount: "7", campaign_id: "500" },
      ...{ channel: "Webinar", kind: "program" },
    },
  ]);
  const spent = await project.database.query(
    `SELECT c."Id" FROM salesforce."Campaign" c WHERE c."ActualCost" <> 0
     EXCEPT SELECT spend_id FROM analytics_dev.cdm_spend WHERE source = 'salesforce'`,
  );
  expect(spent).toEqual([{ Id: campaign.Id }]);
});
