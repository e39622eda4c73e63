import type { JsonObject } from "@bizops/singer";
import type { Asset, Kind } from "./asset.ts";
import { lint } from "./lint.ts";

const asset = (kind: Kind, uuid: string, content: JsonObject): Asset => ({
  kind,
  uuid,
  file: uuid,
  content: { uuid, ...content },
});
const models = new Map([["rpt", [{ name: "month", type: "date", description: "" }]]]);
const database = asset("databases", "db", { sqlalchemy_uri: "$WAREHOUSE_URI" });
const dataset = asset("datasets", "ds", {
  table_name: "rpt",
  schema: "$REPORT_SCHEMA",
  database_uuid: "db",
  columns: [{ column_name: "month" }, { column_name: "double", expression: "2 * month" }],
  metrics: [{ metric_name: "rows" }],
});
const chart = (params: JsonObject) =>
  asset("charts", "ch", { slice_name: "C", dataset_uuid: "ds", params });

test.each<[string, readonly Asset[], readonly (string | RegExp)[]]>([
  ["all is well", [database, dataset, chart({ groupby: ["double"], metrics: ["rows"] })], []],
  [
    "an address in the database",
    [asset("databases", "db", { database_name: "D", sqlalchemy_uri: "postgresql://u:p@h/d" })],
    [/^database "D": sqlalchemy_uri must be/],
  ],
  [
    "a model dbt does not have",
    [database, { ...dataset, content: { ...dataset.content, table_name: "gone" } }],
    ['dataset "gone": dbt has no model gone'],
  ],
  [
    "a column the model does not have",
    [database, { ...dataset, content: { ...dataset.content, columns: [{ column_name: "year" }] } }],
    ['dataset "rpt": the model has no column year'],
  ],
  [
    "columns and metrics the dataset does not have",
    [
      database,
      dataset,
      chart({
        x_axis: "year",
        metrics: ["sum", { expressionType: "SIMPLE", column: { column_name: "amount" } }],
        adhoc_filters: [{ expressionType: "SIMPLE", subject: "channel" }],
      }),
    ],
    [/no column year$/, /no column amount$/, /no column channel$/, /no metric sum$/],
  ],
  ["a dataset there is no file of", [chart({})], ['chart "C" uses ds, of which there is no file']],
  [
    "a filter on a column that is not there",
    [
      database,
      dataset,
      asset("dashboards", "da", {
        dashboard_title: "P",
        metadata: {
          native_filter_configuration: [
            { name: "Year", targets: [{ datasetUuid: "ds", column: { name: "year" } }] },
          ],
        },
      }),
    ],
    ['dashboard "P": filter "Year": the dataset "rpt" has no column year'],
  ],
])("%s", (_, assets, mistakes) => {
  const found = lint(assets, models);
  expect(found).toHaveLength(mistakes.length);
  for (const [index, mistake] of mistakes.entries()) expect(found[index]).toMatch(mistake);
});
