/** `bizops dashboards new`: a first dashboard of a report, to be made better in Superset and pulled back. */
import { randomUUID } from "node:crypto";
import { ConfigError, type JsonObject } from "@bizops/singer";
import { type Asset, titleOf } from "./asset.ts";
import type { Column, Models } from "./models.ts";
import { slugOf } from "./normalise.ts";
import { schemaPlace } from "./warehouse.ts";

/**
 * The files to add: a dashboard with one table of the model's rows, its chart and, if there is none yet, the dataset.
 * @throws ConfigError for a title that is taken or a model that dbt does not have
 */
export function createDashboard(
  title: string,
  model: string,
  assets: readonly Asset[],
  models: Models,
): Asset[] {
  const dashboards = assets.filter(({ kind }) => kind === "dashboards");
  if (dashboards.some((asset) => slugOf(titleOf(asset)) === slugOf(title))) {
    throw new ConfigError(`there is a dashboard "${title}" already`);
  }
  const columns = models.get(model);
  if (columns === undefined || columns.length === 0) {
    throw new ConfigError(`dbt has no model ${model} with documented columns`);
  }
  const database = assets.find(({ kind }) => kind === "databases")!;
  const existing = assets.find(
    ({ kind, content }) => kind === "datasets" && content.table_name === model && !content.sql,
  );
  const dataset = existing ?? createDataset(model, columns, database);
  const chart = createTable(title, columns, dataset);
  const added = [chart, createPage(title, chart)];
  return existing === undefined ? [dataset, ...added] : added;
}

function createDataset(model: string, columns: readonly Column[], database: Asset): Asset {
  const uuid = randomUUID();
  const content = {
    columns: columns.map(({ name, type, description }) => ({
      column_name: name,
      type: type.toUpperCase(),
      ...(description && { description }),
      ...((type === "date" || type.startsWith("timestamp")) && { is_dttm: true }),
    })),
    database_uuid: database.uuid,
    metrics: [{ expression: "COUNT(*)", metric_name: "rows", verbose_name: "Rows" }],
    schema: schemaPlace,
    table_name: model,
    uuid,
  };
  return { kind: "datasets", uuid, file: slugOf(model), content };
}

function createTable(title: string, columns: readonly Column[], dataset: Asset): Asset {
  const uuid = randomUUID();
  const params = {
    adhoc_filters: [],
    all_columns: columns.map(({ name }) => name),
    annotation_layers: [],
    query_mode: "raw",
    row_limit: 1000,
    server_pagination: true,
  };
  const content = {
    dataset_uuid: dataset.uuid,
    params,
    slice_name: `${title}: rows`,
    uuid,
    viz_type: "table",
  };
  return { kind: "charts", uuid, file: slugOf(`${title} rows`), content };
}

function createPage(title: string, chart: Asset): Asset {
  const uuid = randomUUID();
  const box = (
    id: string,
    type: string,
    parents: readonly string[],
    children: readonly string[],
    meta?: JsonObject,
  ) => [id, { id, type, children, ...(parents.length > 0 && { parents }), ...(meta && { meta }) }];
  const position = Object.fromEntries([
    ["DASHBOARD_VERSION_KEY", "v2"],
    ["HEADER_ID", { id: "HEADER_ID", meta: { text: title }, type: "HEADER" }],
    box("ROOT_ID", "ROOT", [], ["GRID_ID"]),
    box("GRID_ID", "GRID", ["ROOT_ID"], ["ROW-1"]),
    box("ROW-1", "ROW", ["ROOT_ID", "GRID_ID"], ["CHART-1"], {
      background: "BACKGROUND_TRANSPARENT",
    }),
    box("CHART-1", "CHART", ["ROOT_ID", "GRID_ID", "ROW-1"], [], {
      height: 60,
      sliceName: titleOf(chart),
      uuid: chart.uuid,
      width: 12,
    }),
  ]);
  const content = {
    dashboard_title: title,
    metadata: { native_filter_configuration: [] },
    position,
    slug: slugOf(title),
    uuid,
  };
  return { kind: "dashboards", uuid, file: slugOf(title), content };
}
