import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { pack, unpack } from "./archive.ts";
import { type Asset, objectsIn } from "./asset.ts";
import { complete } from "./complete.ts";
import { fileOf, readFolder, renderAsset, sourceFolder } from "./folder.ts";
import { lint } from "./lint.ts";
import { readModels } from "./models.ts";
import { normalise } from "./normalise.ts";

const warehouse = {
  uri: "postgresql+psycopg2://reader@db.example:5432/warehouse",
  password: "s3cret",
  schema: "analytics",
};
const shipped = readFolder(sourceFolder("/nowhere"));

test("the dashboards that come along have no mistakes", () => {
  expect(lint(shipped, readModels("/nowhere"))).toEqual([]);
});

test("they are written as pull would write them", () => {
  const folder = sourceFolder("/nowhere");
  const texts = shipped.map((asset) => readFileSync(fileOf(folder, asset), "utf8"));
  expect(shipped.map(renderAsset)).toEqual(texts);
});

test("into a bundle and back nothing is lost, and no address, password or number of a chart comes along", () => {
  const { zip, passwords } = pack(shipped, warehouse);
  const back = normalise(unpack(zip), warehouse.schema);
  expect(back.map(renderAsset)).toEqual(shipped.map(renderAsset));
  expect(passwords).toEqual({ "databases/bizops-warehouse.yaml": "s3cret" });
  const texts = shipped.map(renderAsset).join("\n");
  expect(texts).not.toMatch(/chartId|slice_id|query_context|db\.example|s3cret/);
});

test("the bundle names charts by number in every place Superset does", () => {
  const dashboard = shipped.find(({ kind }) => kind === "dashboards")!;
  const chart = shipped.find(({ kind }) => kind === "charts")!;
  const position = {
    "CHART-1": { type: "CHART", id: "CHART-1", children: [], meta: { uuid: chart.uuid } },
  };
  const scope = { rootPath: ["ROOT_ID"], excluded: [chart.uuid] };
  const metadata = {
    native_filter_configuration: [{ id: "f", scope }],
    global_chart_configuration: { scope },
    chart_configuration: { [chart.uuid]: { id: chart.uuid, crossFilters: { scope } } },
    expanded_slices: { [chart.uuid]: true },
    timed_refresh_immune_slices: [chart.uuid],
  };
  const asset: Asset = { ...dashboard, content: { ...dashboard.content, position, metadata } };
  const numbered = complete(asset, warehouse);
  const excluded = { rootPath: ["ROOT_ID"], excluded: [1] };
  expect(numbered.metadata).toEqual({
    native_filter_configuration: [{ id: "f", scope: excluded }],
    global_chart_configuration: { scope: excluded },
    chart_configuration: { "1": { id: 1, crossFilters: { scope: excluded } } },
    expanded_slices: { "1": true },
    timed_refresh_immune_slices: [1],
  });
  const files = [
    { kind: "charts", content: complete(chart, warehouse) },
    { kind: "dashboards", content: numbered },
  ] as const;
  const [back] = normalise(files, warehouse.schema).filter(({ kind }) => kind === "dashboards");
  expect(back!.content.metadata).toEqual(metadata);
});

test("a chart that was deleted leaves no box behind", () => {
  const dashboard = shipped.find(({ kind }) => kind === "dashboards")!;
  const files = [{ kind: "dashboards", content: complete(dashboard, warehouse) }] as const;
  const [back] = normalise(files, warehouse.schema);
  const boxes = objectsIn(back!.content.position);
  expect(boxes.filter(({ type }) => type === "CHART")).toEqual([]);
  expect(boxes.flatMap(({ children }) => children ?? [])).not.toContain("CHART-1-1");
});

test("a database with secrets of its own is refused", () => {
  const database = shipped.find(({ kind }) => kind === "databases")!;
  const content = { ...complete(database, warehouse), encrypted_extra: '{"key": "s3cret"}' };
  const files = [{ kind: "databases", content }] as const;
  expect(() => normalise(files, "analytics")).toThrow(/encrypted_extra, which may hold secrets/);
});

test("texts that Superset's YAML would take for something else stay texts", () => {
  const chart = shipped.find(({ kind }) => kind === "charts")!;
  const content = { ...chart.content, description: "no", slice_name: "2026-01-01T00:00:00Z" };
  const { zip } = pack([{ ...chart, content }], warehouse);
  expect(unpack(zip)[0]!.content).toMatchObject({
    description: "no",
    slice_name: "2026-01-01T00:00:00Z",
  });
  expect(parse(renderAsset({ ...chart, content }))).toMatchObject({ description: "no" });
});
