/** The page's charts, as ECharts' options: https://echarts.apache.org/en/option.html. Pure. */
import type { Figures, Point } from "./read-figures.ts";

/** A chart with what is written above it. */
export interface Chart {
  readonly title: string;
  readonly note: string;
  /** Over the page's whole width. */
  readonly isWide: boolean;
  readonly option: object;
}

export function planCharts(figures: Figures): Chart[] {
  return [
    {
      title: "Sales accepted opportunities by source",
      note: "by month of acceptance",
      isWide: true,
      option: drawBars(figures.saosBySource, { isStacked: true }),
    },
    {
      title: "Sales accepted opportunities by channel",
      note: "last touch, by month of acceptance",
      isWide: false,
      option: drawBars(figures.saosByChannel, { isStacked: true }),
    },
    {
      title: "Spend by channel",
      note: "reporting currency, by month",
      isWide: false,
      option: drawBars(figures.spendByChannel, { isStacked: true }),
    },
    {
      title: "IACV by month of touch",
      note: "at the median conversion time, estimated (twice that), realised so far",
      isWide: true,
      option: drawBars(figures.iacvByMonth, { isStacked: false }),
    },
    {
      title: "SAOs under seven attribution models",
      note: "by channel",
      isWide: true,
      option: drawBars(figures.saosByModel, { isStacked: false }),
    },
    {
      title: "Won IACV under seven attribution models",
      note: "by channel, reporting currency",
      isWide: true,
      option: drawBars(figures.iacvByModel, { isStacked: false }),
    },
  ];
}

const colours = [
  "#2563eb",
  "#f59e0b",
  "#10b981",
  "#ef4444",
  "#8b5cf6",
  "#06b6d4",
  "#84cc16",
  "#ec4899",
  "#64748b",
];

function drawBars(
  points: readonly Point[],
  { isStacked }: { readonly isStacked: boolean },
): object {
  const places = [...new Set(points.map(({ at }) => at))].sort();
  const names = [...new Set(points.map(({ series }) => series))].sort();
  const values = new Map(points.map(({ at, series, value }) => [`${at}\n${series}`, value]));
  return {
    animation: false,
    color: colours,
    grid: { left: 8, right: 8, top: 44, bottom: 8, containLabel: true },
    legend: { type: "scroll", top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: {
      type: "category",
      data: places,
      axisTick: { show: false },
      // Names of channels are few and all wanted; of months some will do.
      ...(places.length <= 12 && { axisLabel: { interval: 0 } }),
    },
    yAxis: { type: "value" },
    series: names.map((name) => ({
      name,
      type: "bar",
      ...(isStacked && { stack: "all" }),
      data: places.map((place) => values.get(`${place}\n${name}`) ?? null),
    })),
  };
}
