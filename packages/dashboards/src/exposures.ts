/** The dashboards as dbt exposures, so that dbt knows who looks at which report. */
import { stringify } from "yaml";
import { type Asset, closureOf, titleOf } from "./asset.ts";
import type { Models } from "./models.ts";
import { slugOf } from "./normalise.ts";

/**
 * A file of dbt's, under `exposures`: https://docs.getdbt.com/reference/exposure-properties
 * @param url of the Superset, if there is one to link to
 */
export function renderExposures(assets: readonly Asset[], models: Models, url?: string): string {
  const dashboards = assets.filter(({ kind }) => kind === "dashboards");
  const exposures = dashboards
    .map((dashboard) => ({
      name: `dashboard_${slugOf(titleOf(dashboard)).replaceAll("-", "_")}`,
      label: titleOf(dashboard),
      type: "dashboard",
      ...(url && { url: `${url}/superset/dashboard/${dashboard.content.slug ?? dashboard.uuid}/` }),
      ...(dashboard.content.description && { description: dashboard.content.description }),
      depends_on: modelsOf(closureOf(assets, new Set([dashboard.uuid])), models).map(
        (model) => `ref('${model}')`,
      ),
      owner: { name: "BizOps" },
    }))
    .filter(({ depends_on }) => depends_on.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const head =
    "# Which dashboards read which reports; written by bizops dashboards push --exposures.\n";
  return head + stringify({ exposures }, { lineWidth: 110 });
}

/** The models that datasets read, by table or in a query. */
function modelsOf(assets: readonly Asset[], models: Models): string[] {
  const datasets = assets.filter(({ kind }) => kind === "datasets");
  const words = datasets.flatMap(({ content }) =>
    content.sql ? (String(content.sql).match(/\w+/g) ?? []) : [String(content.table_name)],
  );
  return [...new Set(words)].filter((word) => models.has(word)).sort();
}
