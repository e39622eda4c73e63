/** The form of the files -> what Superset's import wants: every field, numbers for charts, the warehouse's address. Pure. */
import type { JsonObject } from "@bizops/singer";
import { type Asset, listIn } from "./asset.ts";
import { chartBoxes, renameCharts } from "./chart-numbers.ts";
import { assetDefaults, columnDefaults, metricDefaults } from "./defaults.ts";
import { readsReports, type Warehouse } from "./warehouse.ts";

/** What Superset puts where a password is; the password itself goes beside the bundle. */
const passwordMask = "XXXXXXXXXX";

/** The content of the asset's file in a bundle. */
export function complete({ kind, content }: Asset, { uri, schema }: Warehouse): JsonObject {
  const full = { ...assetDefaults[kind], ...content };
  if (kind === "databases")
    return { ...full, sqlalchemy_uri: uri.replace("@", `:${passwordMask}@`) };
  if (kind === "datasets") {
    const columns = listIn(content.columns).map((column) => ({ ...columnDefaults, ...column }));
    const metrics = listIn(content.metrics).map((metric) => ({ ...metricDefaults, ...metric }));
    return { ...full, columns, metrics, schema: readsReports(content) ? schema : content.schema! };
  }
  if (kind === "charts") {
    return { ...full, params: { ...(content.params as JsonObject), viz_type: content.viz_type! } };
  }
  return { ...full, ...numberCharts(content) };
}

/** Any numbers will do: the import maps them to its own by the uuids beside them. */
function numberCharts(content: JsonObject): JsonObject {
  const uuids = [...new Set(chartBoxes(content.position).map(({ uuid }) => uuid))].sort();
  const numbers = new Map(uuids.map((uuid, index) => [uuid, index + 1]));
  const position = Object.entries(content.position as JsonObject).map(([name, value]) => {
    const box = value as JsonObject;
    if (box.type !== "CHART") return [name, value];
    const meta = box.meta as JsonObject;
    return [name, { ...box, meta: { ...meta, chartId: numbers.get(String(meta.uuid))! } }];
  });
  return {
    position: Object.fromEntries(position),
    metadata: renameCharts((content.metadata ?? {}) as JsonObject, (uuid) => numbers.get(uuid)),
  };
}
