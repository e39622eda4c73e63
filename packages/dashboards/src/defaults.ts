/** What Superset writes where nothing was said. Left out of the files, and put back on the way to Superset, so that nothing old stays. */
import type { JsonObject } from "@bizops/singer";
import type { Kind } from "./asset.ts";

/** Of the asset itself. */
export const assetDefaults: { readonly [kind in Kind]: JsonObject } = {
  databases: {
    allow_csv_upload: false,
    allow_ctas: false,
    allow_cvas: false,
    allow_dml: false,
    allow_run_async: false,
    cache_timeout: null,
    configuration_method: "sqlalchemy_form",
    expose_in_sqllab: true,
    impersonate_user: false,
    version: "1.0.0",
  },
  datasets: {
    always_filter_main_dttm: false,
    cache_timeout: null,
    catalog: null,
    currency_code_column: null,
    default_endpoint: null,
    description: null,
    extra: null,
    fetch_values_predicate: null,
    filter_select_enabled: true,
    folders: null,
    main_dttm_col: null,
    normalize_columns: false,
    offset: 0,
    params: null,
    sql: null,
    template_params: null,
    version: "1.0.0",
  },
  charts: {
    cache_timeout: null,
    certification_details: null,
    certified_by: null,
    description: null,
    query_context: null,
    version: "1.0.0",
  },
  dashboards: {
    certification_details: null,
    certified_by: null,
    css: null,
    description: null,
    published: true,
    theme_uuid: null,
    version: "1.0.0",
  },
};

/** Of a dataset's columns. */
export const columnDefaults: JsonObject = {
  advanced_data_type: null,
  datetime_format: null,
  description: null,
  expression: null,
  extra: null,
  filterable: true,
  groupby: true,
  is_active: true,
  is_dttm: false,
  python_date_format: null,
  type: null,
  verbose_name: null,
};

/** Of a dataset's metrics. */
export const metricDefaults: JsonObject = {
  currency: null,
  d3format: null,
  description: null,
  extra: null,
  metric_type: null,
  verbose_name: null,
  warning_text: null,
};

/** The value without what equals its default. */
export function withoutDefaults(value: JsonObject, defaults: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, each]) => !(key in defaults) || JSON.stringify(each) !== JSON.stringify(defaults[key]),
    ),
  );
}
