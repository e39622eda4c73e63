/** `bizops-mapping generate` on catalogs made by hand: what is chosen, kept, renamed and written. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ScratchMapping, standardObjects, withFields } from "./scratch-mapping.ts";

let project: ScratchMapping;
beforeEach(() => {
  project = new ScratchMapping();
});
afterEach(() => project.remove());

const opportunities = "models/generated/staging/salesforce/stg_salesforce__opportunities.sql";
const generate = ["generate", "salesforce"];

test("[MAP-2] a second generation changes nothing", async () => {
  const first = await project.ask(generate, standardObjects);
  expect(first).toMatchObject({ code: 0, result: { proposals: [], problems: [] } });
  expect(first.result.changed).toContain("mapping/salesforce.yml");
  expect(first.result.changed).toContain("models/generated/cdm/cdm_opportunity.sql");
  const second = await project.ask(generate, standardObjects);
  expect(second).toMatchObject({ code: 0, result: { changed: [] } });
});

test("[MAP-1] fields of other names are found by spelling, label, synonym and likeness, each with its confidence", async () => {
  const objects = withFields("Opportunity", {
    IACV__c: undefined,
    Opportunity_Source__c: undefined,
    Sales_Accepted_Date__c: undefined,
    acme__iacv__c: { type: "number" },
    X7__c: { type: "string", label: "Sourced by" },
    Date_Sales_Acceptd__c: { type: "string", format: "date" },
  });
  const { result } = await project.ask(generate, objects);
  expect(result.problems).toEqual([]);
  expect(result.proposals).toEqual([
    expect.objectContaining({ field: "opportunity_source", from: "X7__c", origin: "synonym" }),
    expect.objectContaining({ field: "iacv", from: "acme__iacv__c", origin: "normalised" }),
    expect.objectContaining({
      ...{ field: "sales_accepted_at", from: "Date_Sales_Acceptd__c", origin: "fuzzy" },
    }),
  ]);
  expect(project.read(opportunities)).toContain('cast("acme__iacv__c" as numeric) as iacv');
});

test("[MAP-2] a human's choice, comments and columns of one's own stay and reach the SQL", async () => {
  await project.run(generate, standardObjects);
  project.edit(/iacv: \{.*\}/, "iacv: Net__c # ours since 2024");
  project.edit("  opportunity_contact_roles:", "    extra: { region: Region__c }\n$&");
  const objects = withFields("Opportunity", {
    Net__c: { type: "integer" },
    Region__c: { type: "string" },
  });
  const { result } = await project.ask(generate, objects);
  expect(result).toMatchObject({ proposals: [], problems: [] });
  expect(project.read("mapping/salesforce.yml")).toContain("iacv: Net__c # ours since 2024");
  const sql = project.read(opportunities);
  expect(sql).toContain('cast("Net__c" as numeric) as iacv');
  expect(sql).toContain("{{ optional_column(opportunity, 'Region__c', 'text') }} as region");
});

test("[MAP-3] a renamed field is proposed with evidence; staging takes the new column, then the old one", async () => {
  await project.run(generate, standardObjects);
  const objects = withFields("Opportunity", {
    IACV__c: undefined,
    Contract_Value__c: { type: "number", label: "IACV" },
  });
  const said = await project.run(generate, objects);
  expect(said.stdout).toMatch(
    /^opportunities\.iacv <- Contract_Value__c \(renamed, 0\.9\): IACV__c is gone; .* fits by its label$/m,
  );
  expect(project.read("mapping/salesforce.yml")).toMatch(
    /iacv: \{ from: Contract_Value__c, origin: renamed, .*previous_names: \[ ?IACV__c ?\]/,
  );
  expect(project.read(opportunities)).toContain(
    "coalesce(cast({{ optional_column(opportunity, 'Contract_Value__c', 'numeric') }} as numeric), " +
      "cast({{ optional_column(opportunity, 'IACV__c', 'numeric') }} as numeric)) as iacv",
  );
  expect((await project.ask(generate, objects)).result.changed).toEqual([]);
});

test("what the privacy policy may drop, or is not needed, may be absent; what is needed must be there", async () => {
  const objects = withFields("Account", { Name: { type: "string", "x-privacy": "direct" } });
  await project.run(generate, objects);
  const sql = project.read("models/generated/staging/salesforce/stg_salesforce__accounts.sql");
  expect(sql).toContain("{{ optional_column(account, 'Name', 'text') }} as name");
  expect(sql).toContain("{{ optional_column(account, 'Website', 'text') }} as website");
  expect(sql).toContain('"CreatedDate" as created_at');
});

test("dates and instants are turned into each other in the warehouse zone, never by a cast", async () => {
  const objects = withFields("Opportunity", {
    CloseDate: { type: "string", format: "date-time" },
    CreatedDate: { type: "string", format: "date" },
  });
  await project.run(generate, objects);
  const sql = project.read(opportunities);
  expect(sql).toContain(`{{ day('"CloseDate"') }} as close_date`);
  expect(sql).toContain(`{{ start_of_day('"CreatedDate"') }} as created_at`);
});

test("[MAP-5] an object the source does not have is a typed, empty model", async () => {
  const { Campaign: _, ...objects } = standardObjects;
  await project.run(generate, objects);
  const sql = project.read("models/generated/staging/salesforce/stg_salesforce__campaigns.sql");
  expect(sql).toContain("cast(null as numeric) as actual_cost");
  expect(sql).toMatch(/where false\n$/);
});

test("generated files that are no longer made go, files of others stay", async () => {
  await project.run(generate, standardObjects);
  const folder = "models/generated/staging/salesforce";
  project.write(`${folder}/stg_old.sql`, project.read(opportunities));
  project.write(`${folder}/stg_mine.sql`, "select 1 as mine\n");
  const { result } = await project.ask(generate, standardObjects);
  expect(result.changed).toEqual([`${folder}/stg_old.sql`]);
  expect(existsSync(join(project.folder, folder, "stg_mine.sql"))).toBe(true);
});
