/** The page: one file with its script, its style and its numbers; it may load nothing. Pure but for reading ECharts. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Chart, planCharts } from "./charts.ts";
import type { ChannelRow, Figures } from "./read-figures.ts";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** @returns HTML */
export function renderPage(figures: Figures): string {
  const charts = planCharts(figures);
  const echarts = createRequire(import.meta.url).resolve("echarts/dist/echarts.min.js");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>BizOps report</title>
<style>${style}</style>
<h1>How we win customers</h1>
<p>Out of the report models; money in the reporting currency, all time.</p>
<section class="tiles">${tiles(figures).map(renderTile).join("")}</section>
<section class="charts">${charts.map(renderChart).join("")}</section>
${renderTable(figures.channels)}
<script>${readFileSync(echarts, "utf8")}</script>
<script>
const options = ${embed(charts.map(({ option }) => option))};
const short = (value) => new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
for (const [index, place] of document.querySelectorAll(".plot").entries()) {
  const chart = echarts.init(place, null, { renderer: "svg" });
  const option = options[index];
  option.yAxis.axisLabel = { formatter: short };
  option.tooltip.valueFormatter = (value) => value == null ? "–" : value.toLocaleString("en", { maximumFractionDigits: 1 });
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(place);
}
</script>
</html>
`;
}

interface Tile {
  readonly label: string;
  readonly value: number | null;
  readonly unit: string;
}

function tiles(figures: Figures): Tile[] {
  return [
    { label: "Sales accepted opportunities", value: figures.saos, unit: "" },
    { label: "Won IACV", value: figures.iacv, unit: "" },
    { label: "Marketing spend", value: figures.spend, unit: "" },
    { label: "Cost per lead", value: figures.cost_per_lead, unit: "" },
    { label: "Cost per SAO", value: figures.cost_per_sao, unit: "" },
    { label: "Customer acquisition cost", value: figures.cac, unit: "" },
    { label: "Median conversion time", value: figures.median_days, unit: " days" },
  ];
}

function renderTile({ label, value, unit }: Tile): string {
  return `<div class="tile"><span>${label}</span><strong>${shown(value)}${value === null ? "" : unit}</strong></div>`;
}

function renderChart({ title, note, isWide }: Chart): string {
  return `<figure${isWide ? ' class="wide"' : ""}><figcaption>${title} <small>${note}</small></figcaption><div class="plot"></div></figure>`;
}

function renderTable(rows: readonly ChannelRow[]): string {
  const head = [
    "Channel",
    "Spend",
    "Leads",
    "Cost per lead",
    "SAOs",
    "Cost per SAO",
    "New customers",
    "CAC",
    "Won IACV",
    "Median days",
  ];
  const cells = rows.map((row) => [
    escapeHtml(row.channel),
    shown(row.spend),
    shown(row.leads),
    shown(row.cost_per_lead),
    tenths.format(row.saos),
    shown(row.cost_per_sao),
    tenths.format(row.new_customers),
    shown(row.cac),
    shown(row.won_iacv),
    shown(row.median_days),
  ]);
  const line = (tag: string, values: readonly string[]) =>
    `<tr>${values.map((value) => `<${tag}>${value}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${line("th", head)}</thead><tbody>${cells.map((each) => line("td", each)).join("")}</tbody></table>`;
}

function shown(value: number | null): string {
  return value === null ? "–" : whole.format(value);
}

/** JSON that no text within it can end the script with. */
function embed(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const style = `
body { font: 15px/1.45 system-ui, sans-serif; color: #0f172a; background: #f1f5f9; margin: 2rem auto; max-width: 1180px; padding: 0 1rem }
h1 { margin: 0 }
p, small { color: #64748b }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .75rem; margin: 1rem 0 }
.tile, figure, table { background: #fff; border-radius: 8px; box-shadow: 0 1px 2px #0f172a1a }
.tile { padding: .9rem 1rem; display: flex; flex-direction: column; justify-content: space-between }
.tile span { color: #475569 } .tile strong { font-size: 1.5rem }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .75rem }
figure { margin: 0; padding: 1rem; overflow: hidden } figure.wide { grid-column: 1 / -1 }
figcaption { font-weight: 600; margin-bottom: .5rem } figcaption small { font-weight: 400; margin-left: .4rem }
.plot { height: 280px }
table { border-collapse: collapse; width: 100%; margin-top: .75rem; font-variant-numeric: tabular-nums }
th, td { padding: .5rem .7rem; text-align: right } th:first-child, td:first-child { text-align: left }
th { color: #475569; font-weight: 600; border-bottom: 1px solid #e2e8f0 }
tbody tr + tr td { border-top: 1px solid #f1f5f9 }
@media (max-width: 800px) { .charts { grid-template-columns: minmax(0, 1fr) } }`;
