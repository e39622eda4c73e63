/** In a dashboard Superset names charts by number. Numbers differ between instances; the files name charts by uuid. */
import type { JsonObject, JsonValue } from "@bizops/singer";
import { listIn, objectsIn } from "./asset.ts";

/** What a name of a chart, a number or a uuid, becomes; undefined: no such chart, and what names it is left out. */
export type Rename = (name: string) => string | number | undefined;

/** The chart boxes of a layout, by chart uuid. */
export function chartBoxes(position: JsonValue | undefined): { uuid: string; number: string }[] {
  return objectsIn(position)
    .filter(({ type }) => type === "CHART")
    .map(({ meta }) => meta as JsonObject)
    .map(({ uuid, chartId }) => ({ uuid: String(uuid), number: String(chartId) }));
}

/** A dashboard's metadata with its charts renamed wherever Superset's own import renames them. */
export function renameCharts(metadata: JsonObject, rename: Rename): JsonObject {
  const names = (value: JsonValue | undefined) =>
    Array.isArray(value) ? renameAll(value, rename) : undefined;
  const scoped = (scope: JsonValue | undefined): JsonObject | undefined => {
    if (typeof scope !== "object" || scope === null) return undefined;
    const excluded = names((scope as JsonObject).excluded);
    return { ...(scope as JsonObject), ...(excluded && { excluded }) };
  };
  const filters = listIn(metadata.native_filter_configuration).map((filter) =>
    withDefined(filter, { scope: scoped(filter.scope) }),
  );
  const global = metadata.global_chart_configuration as JsonObject | undefined;
  const charts = Object.entries((metadata.chart_configuration ?? {}) as JsonObject).flatMap(
    ([name, value]) => {
      const id = rename(name);
      if (id === undefined) return [];
      const chart = value as JsonObject;
      const cross = chart.crossFilters as JsonObject | undefined;
      const crossFilters = cross && withDefined(cross, { scope: scoped(cross.scope) });
      return [[String(id), withDefined({ ...chart, id }, { crossFilters })] as const];
    },
  );
  return withDefined(metadata, {
    native_filter_configuration: metadata.native_filter_configuration && filters,
    global_chart_configuration: global && withDefined(global, { scope: scoped(global.scope) }),
    chart_configuration: metadata.chart_configuration && Object.fromEntries(charts),
    expanded_slices: metadata.expanded_slices && renameKeys(metadata.expanded_slices, rename),
    timed_refresh_immune_slices: names(metadata.timed_refresh_immune_slices),
  });
}

function renameAll(values: readonly JsonValue[], rename: Rename): JsonValue[] {
  return values.map((each) => rename(String(each))).filter((each) => each !== undefined);
}

function renameKeys(value: JsonValue, rename: Rename): JsonObject {
  return Object.fromEntries(
    Object.entries(value as JsonObject).flatMap(([name, each]) => {
      const renamed = rename(name);
      return renamed === undefined ? [] : [[String(renamed), each]];
    }),
  );
}

function withDefined(
  value: JsonObject,
  changes: { readonly [key: string]: JsonValue | undefined },
): JsonObject {
  const defined = Object.entries(changes).filter(([, each]) => each !== undefined);
  return { ...value, ...(Object.fromEntries(defined) as JsonObject) };
}
