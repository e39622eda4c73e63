/** What is wrong with the files by themselves: references into nothing, columns no model has. Pure. */
import type { JsonObject } from "@bizops/singer";
import { type Asset, describeAsset, listIn, referencesOf } from "./asset.ts";
import type { Models } from "./models.ts";
import { readsReports, uriPlace } from "./warehouse.ts";

/** One line for each mistake; none if all is well. */
export function lint(assets: readonly Asset[], models: Models): string[] {
  const byUuid = new Map(assets.map((asset) => [asset.uuid, asset]));
  return assets.flatMap((asset) => {
    const dangling = referencesOf(asset)
      .filter((uuid) => !byUuid.has(uuid))
      .map((uuid) => `${describeAsset(asset)} uses ${uuid}, of which there is no file`);
    if (dangling.length > 0) return dangling;
    if (asset.kind === "databases") return lintDatabase(asset);
    if (asset.kind === "datasets") return lintDataset(asset, models);
    if (asset.kind === "charts") return lintChart(asset, byUuid);
    return lintFilters(asset, byUuid);
  });
}

function lintDatabase(asset: Asset): string[] {
  return asset.content.sqlalchemy_uri === uriPlace
    ? []
    : [
        `${describeAsset(asset)}: sqlalchemy_uri must be ${uriPlace}, so that no address or password is kept here`,
      ];
}

/** A dataset with a query of its own has the columns of the query, which only the warehouse knows. */
function lintDataset(asset: Asset, models: Models): string[] {
  const { content } = asset;
  if (!readsReports(content) || content.sql) return [];
  const model = models.get(String(content.table_name));
  if (model === undefined)
    return [`${describeAsset(asset)}: dbt has no model ${content.table_name}`];
  const known = new Set(model.map(({ name }) => name));
  return listIn(content.columns)
    .filter(({ expression, column_name }) => !expression && !known.has(String(column_name)))
    .map(({ column_name }) => `${describeAsset(asset)}: the model has no column ${column_name}`);
}

function lintChart(asset: Asset, byUuid: ReadonlyMap<string, Asset>): string[] {
  const dataset = byUuid.get(String(asset.content.dataset_uuid))!;
  const { columns, metrics } = namesOf(dataset);
  const used = namesUsed(asset.content.params as JsonObject);
  return [
    ...used.columns.filter((name) => !columns.has(name)).map((name) => `column ${name}`),
    ...used.metrics.filter((name) => !metrics.has(name)).map((name) => `metric ${name}`),
  ].map((what) => `${describeAsset(asset)}: the ${describeAsset(dataset)} has no ${what}`);
}

function lintFilters(asset: Asset, byUuid: ReadonlyMap<string, Asset>): string[] {
  const filters = listIn((asset.content.metadata as JsonObject)?.native_filter_configuration);
  return filters.flatMap(({ name, targets }) =>
    listIn(targets).flatMap(({ datasetUuid, column }) => {
      const dataset = byUuid.get(String(datasetUuid));
      const wanted = (column as JsonObject | undefined)?.name;
      if (dataset === undefined || wanted === undefined) return [];
      if (namesOf(dataset).columns.has(String(wanted))) return [];
      return [
        `${describeAsset(asset)}: filter "${name}": the ${describeAsset(dataset)} has no column ${wanted}`,
      ];
    }),
  );
}

function namesOf({ content }: Asset): { columns: Set<string>; metrics: Set<string> } {
  return {
    columns: new Set(listIn(content.columns).map(({ column_name }) => String(column_name))),
    metrics: new Set(listIn(content.metrics).map(({ metric_name }) => String(metric_name))),
  };
}

const columnKeys = [
  "groupby",
  "columns",
  "all_columns",
  "groupbyRows",
  "groupbyColumns",
  "x_axis",
  "granularity_sqla",
  "series",
  "entity",
];
const metricKeys = [
  "metric",
  "metrics",
  "metrics_b",
  "size",
  "secondary_metric",
  "percent_metrics",
  "timeseries_limit_metric",
];

/** The columns and saved metrics a chart's form names; an expression in SQL is left to the warehouse. */
function namesUsed(params: JsonObject): { columns: string[]; metrics: string[] } {
  const at = (keys: readonly string[]) => keys.flatMap((key) => [params[key] ?? []].flat());
  const metrics = at(metricKeys).filter((each) => each !== "");
  const simple = listIn(metrics).filter(({ expressionType }) => expressionType === "SIMPLE");
  const filters = listIn(params.adhoc_filters).filter(
    ({ expressionType, subject }) => expressionType === "SIMPLE" && Boolean(subject),
  );
  return {
    columns: [
      ...at(columnKeys).filter((each) => typeof each === "string" && each !== ""),
      ...simple.map(({ column }) => (column as JsonObject)?.column_name),
      ...filters.map(({ subject }) => subject),
    ].map(String),
    metrics: metrics.filter((each) => typeof each === "string").map(String),
  };
}
