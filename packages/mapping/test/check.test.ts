/** `bizops-mapping check`: every problem with its line, and the exit codes. */
import { ScratchMapping, standardObjects, withFields } from "./scratch-mapping.ts";

let project: ScratchMapping;
beforeEach(async () => {
  project = new ScratchMapping();
  await project.run(["generate", "salesforce"], standardObjects);
});
afterEach(() => project.remove());

/** The line of the mapping file that begins so, from 1. */
const lineOf = (start: string) =>
  project
    .read("mapping/salesforce.yml")
    .split("\n")
    .findIndex((line) => line.trim().startsWith(start)) + 1;

test("a mapping in order: exit code 0 and nothing to say", async () => {
  expect(await project.run(["check"], standardObjects)).toMatchObject({ code: 0, stdout: "" });
  expect(await project.ask(["check"], standardObjects)).toEqual({ code: 0, result: [] });
});

test("[MAP-4] all problems are listed at once, with kind, place and what needs the field; exit code 5", async () => {
  project.edit(/stage: \{.*\}/, "stage: null");
  project.edit(/iacv: \{.*\}/, "iacv: Gone__c");
  project.edit(/is_won: \{.*\}/, "is_won: Type");
  project.edit(/(\n {6}is_closed: .*)/, "$1\n      is_lost: IsLost");
  project.edit(
    "  opportunity_contact_roles:",
    "    extra: { region: Region__c, amount: X__c }\n$&",
  );
  project.edit(/\n {2}users:/, "\n  orders: { fields: { order_id: Id } }$&");
  const objects = withFields("Opportunity", {
    CloseDate: { type: "string", format: "date", selected: false },
    X__c: { type: "number" },
  });
  const { code, result } = await project.ask(["check"], objects);
  expect(code).toBe(5);
  const rows = result.map(
    (problem: { kind: string; line: number; path: string[]; needed_by: string[] }) => [
      problem.kind,
      problem.path.slice(1).join("."),
      problem.line,
      problem.needed_by.join(" "),
    ],
  );
  expect(rows).toEqual([
    ["unknown", "orders", lineOf("orders:"), ""],
    ["missing", "opportunities.fields.stage", lineOf("stage: null"), "cdm_opportunity.stage"],
    ["stale", "opportunities.fields.iacv", lineOf("iacv:"), "cdm_opportunity.iacv"],
    [
      ...["unselected", "opportunities.fields.close_date"],
      ...[lineOf("close_date:"), "cdm_opportunity.close_date"],
    ],
    ["clash", "opportunities.fields.is_won", lineOf("is_won:"), "cdm_opportunity.is_won"],
    ["unknown", "opportunities.fields.is_lost", lineOf("is_lost:"), ""],
    ["stale", "opportunities.extra.region", lineOf("extra:"), ""],
    ["duplicate", "opportunities.extra.amount", lineOf("extra:"), ""],
    ["duplicate", "opportunities.fields.is_won", lineOf("is_won:"), ""],
  ]);
});

test("the same as text: file, line, place, what to do", async () => {
  project.edit(/iacv: \{.*\}/, "iacv: null");
  const said = await project.run(["check", "salesforce"], standardObjects);
  expect(said.code).toBe(5);
  expect(said.stdout).toMatch(
    new RegExp(
      `/mapping/salesforce\\.yml:${lineOf("iacv:")}: opportunities\\.iacv: missing: ` +
        "no field feeds it; choose one \\(needed by cdm_opportunity\\.iacv\\)\\n$",
    ),
  );
  expect(said.stderr).toMatch(/the mapping has 1 problems/);
});

test("fields that fit equally well are named to choose from", async () => {
  const objects = withFields("Opportunity", {
    IACV__c: undefined,
    A__c: { type: "number", label: "IACV" },
    B__c: { type: "number", label: "IACV" },
  });
  project.edit(/ {6}iacv: \{.*\}\n/, "");
  await project.run(["generate", "salesforce"], objects);
  const { code, result } = await project.ask(["check"], objects);
  expect(code).toBe(5);
  expect(result).toEqual([
    expect.objectContaining({
      ...{ kind: "missing", message: "no field feeds it; choose one of A__c, B__c" },
    }),
  ]);
});

test("a source without an object: every needed field of it is missing", async () => {
  const { OpportunityContactRole: _, ...objects } = standardObjects;
  const { code, result } = await project.ask(["check"], objects);
  expect(code).toBe(5);
  expect(result.map(({ needed_by }: { needed_by: string[] }) => needed_by)).toEqual([
    ["cdm_opportunity_person.opportunity_id"],
    ["cdm_opportunity_person.person_id"],
  ]);
});

describe("[EXIT-2] what cannot be read", () => {
  test.each<[string, RegExp | string, string, RegExp]>([
    ["broken YAML", "accounts:", "accounts: [", /salesforce\.yml:\d+: not valid YAML/],
    ["a key given twice", "accounts:", "contacts: { fields: {} }\n  $&", /not valid YAML/],
    [
      "an unknown key",
      /iacv: \{.*\}/,
      "iacv: { form: X__c }",
      /salesforce\.yml:(\d+): objects\.opportunities\.fields\.iacv (needs from|has an unknown key form)/,
    ],
    [
      "an unknown origin",
      /iacv: \{.*\}/,
      "iacv: { from: X__c, origin: guess }",
      /objects\.opportunities\.fields\.iacv\.origin must be one of/,
    ],
    ["an unknown connector", "connector: salesforce", "connector: x", /there are marketo, salesf/],
  ])("%s: the line and what is wrong with it", async (_, before, after, message) => {
    project.edit(before, after);
    const said = await project.run(["check"], standardObjects);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toMatch(message);
    const line = /salesforce\.yml:(\d+): objects\.opportunities\.fields\.iacv/.exec(said.stderr);
    if (line !== null) expect(Number(line[1])).toBe(lineOf("iacv:"));
  });

  test("a source without a mapping, a project without a dbt project, no such pipeline", async () => {
    const unmapped = await project.run(["check", "zuora"]);
    expect(unmapped).toMatchObject({ code: 2 });
    expect(unmapped.stderr).toMatch(/bizops mapping generate zuora/);
    const unknown = await project.run(["generate", "zuora"]);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toMatch(/no pipeline zuora; bizops.yml has salesforce/);
    project.write("bizops.yml", project.read("bizops.yml").replace(/transform.*/, ""));
    const homeless = await project.run(["generate", "salesforce"]);
    expect(homeless).toMatchObject({ code: 2 });
    expect(homeless.stderr).toMatch(/set transform\.project/);
  });
});
