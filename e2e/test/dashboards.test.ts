/** Dashboards in a real Superset and the page without one, looked at with a real browser, held against the reports. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ProgramResult } from "@bizops/testkit";
import { launchBrowser, logIn, takePicture, type Viewer } from "./browser.ts";
import { createScratchProject, type ScratchProject } from "./scratch-project.ts";
import { connectApi, type SupersetApi } from "./superset-api.ts";

const shipped = fileURLToPath(new URL("../../dashboards", import.meta.url));
const schema = "analytics_dev";

let project: ScratchProject;
let port: number;
let url: string;
let password: string;
let viewer: Viewer;
let api: SupersetApi;

beforeAll(async () => {
  project = await createScratchProject(10_000, ["salesforce", "zuora", "marketo"]);
  await expectSuccess(project.bizops(["run"]));
  const untested = ["test", "unit_test"].flatMap((type) => ["--exclude-resource-type", type]);
  await expectSuccess(project.bizops(["transform", "build", ...untested]));
  port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await viewer?.close();
  await project.bizops(["superset", "down"]);
  await project.database.query("DROP OWNED BY bizops_dashboards");
  await project.close();
});

async function expectSuccess(run: Promise<ProgramResult>): Promise<ProgramResult> {
  const result = await run;
  expect({ code: result.code, stderr: result.code === 0 ? "" : result.stderr }).toEqual({
    code: 0,
    stderr: "",
  });
  return result;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
}

/** `bizops dashboards` as the user whose password `up` printed. */
const dashboards = (args: readonly string[], environment: { [name: string]: string } = {}) =>
  project.bizops(["dashboards", ...args], {
    environment: {
      SUPERSET_URL: url,
      SUPERSET_USERNAME: "admin",
      SUPERSET_PASSWORD: password,
      DASHBOARDS_PG_USERNAME: "bizops_dashboards",
      DASHBOARDS_PG_PASSWORD: readFileSync(
        join(project.folder, ".bizops/superset/warehouse-password"),
        "utf8",
      ),
      ...environment,
    },
  });

/** Texts of a folder's files by path. */
function readFiles(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".yaml")).sort();
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Lines in one text and not in the other. */
function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line.trim()}`),
  ];
}

const own = () => join(project.folder, "dashboards");

test("up starts an empty Superset, pushes every dashboard and prints the password once", async () => {
  const first = await expectSuccess(project.bizops(["superset", "up", "--port", String(port)]));
  expect(first.stdout).toContain(`${readFiles(shipped).size} dashboards, charts and datasets`);
  password = /with the password (\S+)/.exec(first.stdout)![1]!;
  const again = await expectSuccess(project.bizops(["superset", "up", "--port", String(port)]));
  expect(again.stdout).toContain("0 dashboards, charts and datasets");
  expect(again.stdout).not.toContain(password);
  const status = await expectSuccess(project.bizops(["superset", "status", "--json"]));
  expect(JSON.parse(status.stdout)).toEqual({ running: true, url, answers: true });
  api = await connectApi(url, "admin", password);
  viewer = await logIn(url, password);
});

test("its role reads the reports and nothing else, and cannot write", async () => {
  const [rights] = await project.database.query(
    `SELECT has_table_privilege('bizops_dashboards', '${schema}.fct_sao', 'SELECT') AS reports,
            has_table_privilege('bizops_dashboards', '${schema}.fct_sao', 'INSERT') AS write,
            has_schema_privilege('bizops_dashboards', 'salesforce', 'USAGE') AS raw`,
  );
  expect(rights).toEqual({ reports: true, write: false, raw: false });
});

test.each([
  ["Pipeline", 8],
  ["Acquisition", 11],
  ["Conversion and value", 11],
  ["Attribution", 4],
  ["Collateral", 6],
  ["Operations", 7],
])("every chart of %s shows data", async (title, charts) => {
  const slug = `bizops-${title.toLowerCase().replaceAll(" ", "-")}`;
  const shown = await viewer.open(slug);
  expect(shown.filter(({ hasData }) => !hasData)).toEqual([]);
  expect(new Set(shown.map((chart) => chart.title)).size).toBe(charts);
  const pictures = process.env.BIZOPS_SCREENSHOTS;
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await takePicture(viewer.page, join(pictures, `${slug}.png`));
  }
});

test("numbers on the screen are those of the reports", async () => {
  const [truth] = await project.database.query<{ [name: string]: string }>(
    `SELECT (SELECT count(*) FROM ${schema}.fct_sao) AS saos,
            (SELECT round(sum(iacv)) FROM ${schema}.fct_sao) AS iacv,
            (SELECT round(sum(spend)) FROM ${schema}.rpt_acquisition_cost) AS spend,
            (SELECT round(sum(spend) / sum(leads)) FROM ${schema}.rpt_acquisition_cost) AS cost_per_lead,
            (SELECT round(sum(iacv)) FROM ${schema}.rpt_attributed_iacv WHERE model = 'linear') AS won`,
  );
  const numberOf = (text: string) => text.replace(/[^\d.]/g, "");
  const [pipeline, acquisition, attribution] = [
    await viewer.open("bizops-pipeline"),
    await viewer.open("bizops-acquisition"),
    await viewer.open("bizops-attribution"),
  ];
  const big = (charts: typeof pipeline, title: string) =>
    numberOf(charts.find((chart) => chart.title === title)!.text.replace(title, ""));
  const total = attribution.find(({ title }) => title === "IACV by campaign and model")!.text;
  expect({
    saos: big(pipeline, "Sales accepted opportunities"),
    iacv: big(pipeline, "IACV of accepted opportunities"),
    spend: big(acquisition, "Marketing spend"),
    cost_per_lead: big(acquisition, "Cost per lead"),
    won: numberOf(/Total \(Sum\)\s+\$([\d,]+)/.exec(total)![1]!),
  }).toEqual(truth);
});

test("having been looked at changes nothing, and pushing again does nothing", async () => {
  expect((await expectSuccess(dashboards(["diff"]))).stdout).toBe("no difference\n");
  expect((await expectSuccess(dashboards(["push"]))).stdout).toMatch(/^no difference/);
});

test("for the Superset that was started here no setting is needed", async () => {
  for (const command of ["diff", "push"]) {
    const run = await expectSuccess(project.bizops(["dashboards", command, "--json"]));
    expect(JSON.parse(run.stdout)).toEqual([]);
  }
});

test("a chart changed in Superset comes back as exactly that", async () => {
  await api.change("chart", "Cost per lead", { description: "What one lead costs us" });
  const diff = await expectSuccess(dashboards(["diff"]));
  expect(diff.stdout).toContain('chart "Cost per lead": changed in Superset');
  expect(diff.stdout).toContain("+description: What one lead costs us");
  const refused = await dashboards(["push"]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('chart "Cost per lead": changed in Superset');

  const pull = await expectSuccess(dashboards(["pull"]));
  expect(pull.stdout).toBe('chart "Cost per lead": changed in Superset\n1 written\n');
  const [before, after] = [readFiles(shipped), readFiles(own())];
  expect([...after.keys()]).toEqual([...before.keys()]);
  const changed = [...after].filter(([name, text]) => text !== before.get(name));
  expect(changed.map(([name]) => name)).toEqual(["charts/cost-per-lead.yaml"]);
  expect(changedLines(before.get("charts/cost-per-lead.yaml")!, changed[0]![1])).toEqual([
    "+description: What one lead costs us",
  ]);
  expect((await expectSuccess(dashboards(["push"]))).stdout).toMatch(/^no difference/);
});

test("edits on both sides are named and neither is overwritten", async () => {
  const file = join(own(), "charts/cost-per-sao.yaml");
  const edited = readFileSync(file, "utf8").replace(/subtitle: .*/, "subtitle: ours");
  writeFileSync(file, edited);
  await api.change("chart", "Cost per SAO", { description: "theirs" });
  for (const command of ["push", "pull"]) {
    const refused = await dashboards([command]);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('chart "Cost per SAO": changed on both sides');
  }
  expect(readFileSync(file, "utf8")).toBe(edited);
  expect(await api.read("chart", "Cost per SAO")).toMatchObject({ description: "theirs" });

  await expectSuccess(dashboards(["push", "--overwrite"]));
  expect(await api.read("chart", "Cost per SAO")).toMatchObject({ description: null });
});

test("a chart deleted in Superset: push does not bring it back unasked, pull takes its file away", async () => {
  await api.remove("chart", "Share won so far");
  const refused = await dashboards(["push"]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('chart "Share won so far": deleted in Superset');
  await expectSuccess(dashboards(["pull"]));
  expect(readFiles(own()).has("charts/share-won-so-far.yaml")).toBe(false);
  expect(readFiles(own()).get("dashboards/pipeline.yaml")).not.toContain("Share won so far");
});

test("a chart deleted in the folder is named while a dashboard shows it, then deleted in Superset", async () => {
  rmSync(join(own(), "charts/last-runs.yaml"));
  const refused = await dashboards(["push"]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toMatch(/dashboard "Operations" uses \S+, of which there is no file/);
  rmSync(join(own(), "dashboards/operations.yaml"));
  await expectSuccess(dashboards(["push"]));
  expect(await api.read("chart", "Last runs")).toBeUndefined();
  expect((await expectSuccess(dashboards(["push"]))).stdout).toMatch(/^no difference/);
});

test("a column that dbt does not have is named and nothing is pushed", async () => {
  const folder = join(project.folder, "broken");
  cpSync(own(), folder, { recursive: true });
  const file = join(folder, "datasets/fct-sao.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("source_bucket", "sauce_bucket"));
  const refused = await dashboards(["--folder", folder, "push"]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('dataset "fct_sao": the model has no column sauce_bucket');
  expect(refused.stderr).toContain(
    'chart "Accepted opportunities": the dataset "fct_sao" has no column source_bucket',
  );
  expect((await expectSuccess(dashboards(["diff"]))).stdout).toBe("no difference\n");
});

test("a new dashboard of a report is pushed, shown, and named when its title is taken", async () => {
  await expectSuccess(dashboards(["new", "Deals by touch", "--model", "rpt_attributed_iacv"]));
  await expectSuccess(dashboards(["push"]));
  const shown = await viewer.open("deals-by-touch");
  expect(shown).toMatchObject([{ title: "Deals by touch: rows", hasData: true }]);
  const again = await dashboards(["new", "Deals by Touch", "--model", "fct_sao"]);
  expect(again.code).toBe(2);
});

test("the exposures that come with dbt are those of the dashboards that come along", async () => {
  const file = join(project.folder, "exposures.yml");
  cpSync(shipped, join(project.folder, "shipped"), { recursive: true });
  await expectSuccess(
    dashboards([
      "--folder",
      join(project.folder, "shipped"),
      "push",
      "--overwrite",
      "--exposures",
      file,
    ]),
  );
  const committed = fileURLToPath(
    new URL("../../dbt_project/models/marts/_dashboards__exposures.yml", import.meta.url),
  );
  const withoutLinks = readFileSync(file, "utf8").replace(/^ +url: .*\n/gm, "");
  expect(withoutLinks).toBe(readFileSync(committed, "utf8"));
});

test("[EXIT-3] a wrong password, [EXIT-4] a Superset that is down, [EXIT-2] no address", async () => {
  const wrong = await dashboards(["diff"], { SUPERSET_PASSWORD: "wrong" });
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toContain("Superset refused SUPERSET_USERNAME with SUPERSET_PASSWORD");
  await expectSuccess(project.bizops(["superset", "down"]));
  const down = await dashboards(["push"]);
  expect(down.code).toBe(4);
  expect(down.stderr).toMatch(/no answer \(ECONNREFUSED\)/);
  const nowhere = await project.bizops(["dashboards", "diff"]);
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain("SUPERSET_URL is not set");
  const status = await expectSuccess(project.bizops(["superset", "status", "--json"]));
  expect(JSON.parse(status.stdout)).toEqual({ running: false });
});

test("the page without Superset draws the same numbers and asks the network for nothing", async () => {
  const file = join(project.folder, "report.html");
  await expectSuccess(project.bizops(["report", "--output", file]));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1240, height: 900 } });
    const asked: string[] = [];
    const errors: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction(() => document.querySelectorAll(".plot svg path").length > 50);
    expect(errors).toEqual([]);
    expect(asked).toEqual([pathToFileURL(file).href]);
    const tiles = await page.locator(".tile strong").allInnerTexts();
    const [truth] = await project.database.query<{ [name: string]: string }>(
      `SELECT (SELECT count(*) FROM ${schema}.fct_sao) AS saos,
              (SELECT round(sum(iacv)) FROM ${schema}.rpt_attributed_iacv WHERE model = 'last_touch') AS iacv,
              (SELECT round(sum(spend)) FROM ${schema}.rpt_acquisition_cost) AS spend`,
    );
    expect(tiles.slice(0, 3).map((tile) => tile.replaceAll(",", ""))).toEqual(
      Object.values(truth!),
    );
    const pictures = process.env.BIZOPS_SCREENSHOTS;
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, "report.png"), fullPage: true });
    }
  } finally {
    await browser.close();
  }
});
