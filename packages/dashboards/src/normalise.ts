/** Superset's export -> the form the files have: by uuid, sorted, no numbers, no defaults, nothing derived, no secrets. Pure. */
import { ContractError, type JsonObject, type JsonValue } from "@bizops/singer";
import { type Asset, type Kind, listIn, titleOf } from "./asset.ts";
import { chartBoxes, renameCharts } from "./chart-numbers.ts";
import { assetDefaults, columnDefaults, metricDefaults, withoutDefaults } from "./defaults.ts";
import { schemaPlace, uriPlace } from "./warehouse.ts";

/** One file of an export. */
export interface ExportedFile {
  readonly kind: Kind;
  readonly content: JsonObject;
}

/** In a chart: numbers of this instance. */
const chartNoise = ["datasource", "slice_id", "dashboards", "dashboardId", "viz_type"];
/** In a dashboard: what Superset works out anew whenever it is opened. */
const metadataNoise = [
  "color_scheme_domain",
  "map_label_colors",
  "shared_label_colors",
  "show_native_filters",
];

/**
 * @param schema the schema of the reports in the warehouse that this Superset reads
 * @throws ContractError where a secret would come along
 */
export function normalise(files: readonly ExportedFile[], schema: string): Asset[] {
  const charts = new Set(
    files.filter(({ kind }) => kind === "charts").map(({ content }) => String(content.uuid)),
  );
  const assets = files.map(({ kind, content }): Asset => {
    const shaped = withoutDefaults(shapes[kind](content, { schema, charts }), assetDefaults[kind]);
    const asset = { kind, uuid: String(content.uuid), file: "", content: sortKeys(shaped) };
    return { ...asset, file: slugOf(titleOf(asset as Asset)) } as Asset;
  });
  return assets.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
}

interface Surroundings {
  readonly schema: string;
  readonly charts: ReadonlySet<string>;
}

const shapes: {
  readonly [kind in Kind]: (content: JsonObject, around: Surroundings) => JsonObject;
} = {
  databases: shapeDatabase,
  datasets: shapeDataset,
  charts: shapeChart,
  dashboards: shapeDashboard,
};

function shapeDatabase(content: JsonObject): JsonObject {
  // Superset exports this in clear where it sees nothing to mask in it.
  for (const secret of ["encrypted_extra", "masked_encrypted_extra", "ssh_tunnel"]) {
    if (content[secret]) {
      throw new ContractError(
        `the database "${content.database_name}" has ${secret}, which may hold secrets and cannot be kept in a file: set it up in Superset alone`,
      );
    }
  }
  const { encrypted_extra, masked_encrypted_extra, ssh_tunnel, password, ...rest } = content;
  return { ...rest, sqlalchemy_uri: uriPlace };
}

function shapeDataset(content: JsonObject, { schema }: Surroundings): JsonObject {
  const columns = listIn(content.columns).map((column) => withoutDefaults(column, columnDefaults));
  const metrics = listIn(content.metrics).map((metric) => withoutDefaults(metric, metricDefaults));
  return {
    ...content,
    columns: sortBy(columns, "column_name"),
    metrics: sortBy(metrics, "metric_name"),
    schema: content.schema === schema ? schemaPlace : (content.schema ?? null),
  };
}

function shapeChart(content: JsonObject): JsonObject {
  const { query_context, ...rest } = content;
  return { ...rest, params: without(content.params as JsonObject, chartNoise) };
}

function shapeDashboard(content: JsonObject, { charts }: Surroundings): JsonObject {
  const boxes = chartBoxes(content.position);
  const uuids = new Map(boxes.map(({ number, uuid }) => [number, uuid]));
  const metadata = renameCharts(
    without((content.metadata ?? {}) as JsonObject, metadataNoise),
    (number) => (charts.has(uuids.get(number) ?? "") ? uuids.get(number) : undefined),
  );
  return {
    ...content,
    position: shapePosition(content.position as JsonObject, charts),
    metadata: withoutDerivedScopes(metadata),
  };
}

/** Superset works out from the scopes which charts are in them; a chart without a scope of its own has the common one. */
function withoutDerivedScopes(metadata: JsonObject): JsonObject {
  const filters = listIn(metadata.native_filter_configuration).map((filter) =>
    without(filter, ["chartsInScope", "tabsInScope"]),
  );
  const scopes = Object.entries((metadata.chart_configuration ?? {}) as JsonObject).flatMap(
    ([uuid, chart]) => {
      const cross = (chart as JsonObject).crossFilters as JsonObject | undefined;
      if (cross === undefined || cross.scope === "global") return [];
      return [
        [uuid, { ...(chart as JsonObject), crossFilters: without(cross, ["chartsInScope"]) }],
      ];
    },
  );
  const { chart_configuration, global_chart_configuration, ...rest } = metadata;
  const global = global_chart_configuration as JsonObject | undefined;
  return {
    ...rest,
    native_filter_configuration: filters,
    ...(scopes.length > 0 && { chart_configuration: Object.fromEntries(scopes) }),
    ...(isNarrowed(global) && {
      global_chart_configuration: without(global!, ["chartsInScope"]),
    }),
  };
}

function isNarrowed(global: JsonObject | undefined): boolean {
  const excluded = (global?.scope as JsonObject | undefined)?.excluded;
  return Array.isArray(excluded) && excluded.length > 0;
}

/** A chart that was deleted leaves its box behind. */
function shapePosition(position: JsonObject, charts: ReadonlySet<string>): JsonObject {
  const isGone = (box: JsonObject) =>
    box.type === "CHART" && !charts.has(String((box.meta as JsonObject).uuid));
  const kept = Object.entries(position).filter(([, box]) => !isGone(box as JsonObject));
  const names = new Set(kept.map(([name]) => name));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value !== "object") return [name, value];
      const box = value as JsonObject;
      const children = (box.children as readonly string[] | undefined)?.filter((c) => names.has(c));
      const meta = box.meta && without(box.meta as JsonObject, ["chartId"]);
      return [name, { ...box, ...(children && { children }), ...(meta && { meta }) }];
    }),
  );
}

/** Lower case, words joined by hyphens. */
export function slugOf(title: string): string {
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return slug.replace(/^-|-$/g, "") || "untitled";
}

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function sortBy(values: readonly JsonObject[], key: string): JsonObject[] {
  return [...values].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
}

function sortKeys<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map(sortKeys) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.keys(value)
    .sort()
    .map((key) => [key, sortKeys((value as JsonObject)[key]!)]);
  return Object.fromEntries(sorted);
}
