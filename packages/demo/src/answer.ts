/** The answer: sales-accepted opportunities by source, out of the report model. */
import { Client } from "pg";

/** One month of the report. */
export interface ReportRow {
  /** First day of the month, `YYYY-MM-DD`. */
  readonly month: string;
  readonly source: string;
  readonly saos: number;
}

/** Reads `rpt_sao_by_source` by month. */
export async function readAnswer(
  connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  },
  schema: string,
): Promise<ReportRow[]> {
  const { host, port, user, password, database } = connection;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  try {
    const { rows } = await client.query<ReportRow>(
      `SELECT period_start::text AS month, source_bucket AS source, saos::int AS saos
         FROM ${client.escapeIdentifier(schema)}.rpt_sao_by_source
        WHERE period = 'month'
        ORDER BY period_start, source_bucket`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** Sums by source over all months. */
export function totals(rows: readonly ReportRow[]): { [source: string]: number } {
  const sums: { [source: string]: number } = {};
  for (const { source, saos } of rows) sums[source] = (sums[source] ?? 0) + saos;
  return sums;
}

/**
 * A table of the last months and the totals.
 * @param before the totals of the last run, for what changed
 */
export function renderAnswer(
  rows: readonly ReportRow[],
  before: { readonly [source: string]: number } | undefined,
  months = 6,
): string {
  const now = totals(rows);
  const sources = Object.keys(now).sort();
  const shown = [...new Set(rows.map(({ month }) => month))].slice(-months);
  const count = (month: string, source: string) =>
    rows.find((row) => row.month === month && row.source === source)?.saos ?? 0;
  const table = [
    ["source", ...shown.map((month) => month.slice(0, 7)), "all time"],
    ...sources.map((source) => [
      source,
      ...shown.map((month) => String(count(month, source))),
      String(now[source]) + change(now[source] ?? 0, before?.[source], before !== undefined),
    ]),
    [
      "all sources",
      ...shown.map((month) =>
        String(sources.reduce((sum, source) => sum + count(month, source), 0)),
      ),
      String(sum(now)) + change(sum(now), before && sum(before), before !== undefined),
    ],
  ];
  return renderTable(table);
}

function change(now: number, before: number | undefined, comparable: boolean): string {
  const difference = now - (before ?? 0);
  if (!comparable || difference === 0) return "";
  return ` (${difference > 0 ? "+" : ""}${difference})`;
}

function sum(counts: { readonly [source: string]: number }): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** First column to the left, the others to the right, a rule below the head and above the foot. */
function renderTable(table: readonly (readonly string[])[]): string {
  const widths = table[0]!.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join("  "),
  );
  const rule = "-".repeat(lines[0]!.length);
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1)].join("\n");
}
