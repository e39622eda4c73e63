/** The numbers of the page, out of the report models. */
import { ConfigError } from "@bizops/singer";
import type pg from "pg";

/** One value of a series at a place: a month, a channel. Null: the report has none. */
export interface Point {
  readonly at: string;
  readonly series: string;
  readonly value: number | null;
}

/** One row of the table of channels. */
export interface ChannelRow {
  readonly channel: string;
  readonly spend: number;
  readonly leads: number;
  readonly cost_per_lead: number | null;
  readonly saos: number;
  readonly cost_per_sao: number | null;
  readonly new_customers: number;
  readonly cac: number | null;
  readonly won_iacv: number;
  readonly median_days: number | null;
}

export interface Figures {
  readonly saos: number;
  readonly iacv: number;
  readonly spend: number;
  readonly cost_per_lead: number | null;
  readonly cost_per_sao: number | null;
  readonly cac: number | null;
  readonly median_days: number | null;
  readonly saosBySource: readonly Point[];
  readonly saosByChannel: readonly Point[];
  readonly spendByChannel: readonly Point[];
  readonly iacvByMonth: readonly Point[];
  readonly saosByModel: readonly Point[];
  readonly iacvByModel: readonly Point[];
  readonly channels: readonly ChannelRow[];
}

type Totals = Omit<Figures, "channels" | `${string}By${string}`>;

const model = "'last_touch'";

const totals = `
  SELECT (SELECT count(*) FROM fct_sao)::float8 AS saos,
         (SELECT coalesce(sum(iacv), 0) FROM rpt_attributed_iacv WHERE model = ${model})::float8 AS iacv,
         (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY conversion_days)
            FROM rpt_attributed_iacv WHERE model = ${model}) AS median_days,
         (SELECT sum(spend) / nullif(sum(new_customers), 0) FROM rpt_channel_economics)::float8 AS cac,
         coalesce(sum(spend), 0)::float8 AS spend,
         (sum(spend) / nullif(sum(leads), 0))::float8 AS cost_per_lead,
         (sum(spend) / nullif(sum(saos), 0))::float8 AS cost_per_sao
    FROM rpt_acquisition_cost`;

const points = {
  saosBySource: `
    SELECT to_char(period_start, 'YYYY-MM') AS at, source_bucket AS series, saos::float8 AS value
      FROM rpt_sao_by_source WHERE period = 'month' ORDER BY period_start, source_bucket`,
  saosByChannel: `
    SELECT to_char(period_start, 'YYYY-MM') AS at, channel AS series, sum(saos)::float8 AS value
      FROM rpt_sao_by_campaign WHERE period = 'month' AND model = ${model}
     GROUP BY period_start, channel ORDER BY period_start, channel`,
  spendByChannel: `
    SELECT to_char(period_start, 'YYYY-MM') AS at, channel AS series, spend::float8 AS value
      FROM rpt_channel_economics ORDER BY period_start, channel`,
  iacvByMonth: `
    SELECT to_char(touch_month, 'YYYY-MM') AS at, series, sum(value)::float8 AS value
      FROM rpt_conversion,
           LATERAL (VALUES ('at median time', iacv_at_median), ('estimated', estimated_iacv),
                           ('realised', realised_iacv)) AS figures (series, value)
     GROUP BY touch_month, series ORDER BY touch_month, series`,
  saosByModel: `
    SELECT channel AS at, model AS series, sum(saos)::float8 AS value
      FROM rpt_sao_by_campaign WHERE period = 'month'
     GROUP BY channel, model ORDER BY channel, model`,
  iacvByModel: `
    SELECT channel AS at, model AS series, sum(iacv)::float8 AS value
      FROM rpt_attributed_iacv GROUP BY channel, model ORDER BY channel, model`,
} as const;

const channels = `
  WITH cost AS (
    SELECT channel, sum(spend) AS spend, sum(leads) AS leads, sum(saos) AS saos
      FROM rpt_acquisition_cost GROUP BY channel
  ), customers AS (
    SELECT channel, sum(new_customers) AS new_customers FROM rpt_channel_economics GROUP BY channel
  ), won AS (
    SELECT channel, sum(iacv) AS iacv,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY conversion_days) AS median_days
      FROM rpt_attributed_iacv WHERE model = ${model} GROUP BY channel
  )
  SELECT channel, coalesce(spend, 0)::float8 AS spend, coalesce(leads, 0)::float8 AS leads,
         (spend / nullif(leads, 0))::float8 AS cost_per_lead, coalesce(saos, 0)::float8 AS saos,
         (spend / nullif(saos, 0))::float8 AS cost_per_sao,
         coalesce(new_customers, 0)::float8 AS new_customers,
         (spend / nullif(new_customers, 0))::float8 AS cac, coalesce(won.iacv, 0)::float8 AS won_iacv,
         median_days
    FROM cost FULL JOIN customers USING (channel) FULL JOIN won USING (channel)
   ORDER BY spend DESC NULLS LAST, channel`;

/** @throws ConfigError if dbt has not built the reports in that schema */
export async function readFigures(client: pg.Client, schema: string): Promise<Figures> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await client.query(`SET LOCAL search_path = ${client.escapeIdentifier(schema)}`);
  const ask = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await client.query<Row>(text)).rows;
  try {
    const [sums] = await ask<Totals>(totals);
    return {
      ...sums!,
      saosBySource: await ask<Point>(points.saosBySource),
      saosByChannel: await ask<Point>(points.saosByChannel),
      spendByChannel: await ask<Point>(points.spendByChannel),
      iacvByMonth: await ask<Point>(points.iacvByMonth),
      saosByModel: await ask<Point>(points.saosByModel),
      iacvByModel: await ask<Point>(points.iacvByModel),
      channels: await ask<ChannelRow>(channels),
    };
  } catch (cause) {
    const { code, message } = cause as pg.DatabaseError;
    if (code !== "42P01" && code !== "42703") throw cause;
    throw new ConfigError(`${message} in the schema ${schema}: run bizops transform first`, {
      cause,
    });
  }
}
