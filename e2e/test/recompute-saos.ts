/** Sales-accepted opportunities by source, recomputed from the sandbox's own rows by plain loops. */

/** An Opportunity as Salesforce shows it. */
export interface Opportunity {
  readonly Id: string;
  readonly IsDeleted: boolean;
  readonly StageName: string;
  readonly Sales_Accepted_Date__c: string | null;
  readonly Opportunity_Source__c: string | null;
}

/** One row of `rpt_sao_by_source`. */
export interface SaoRow {
  readonly period: "week" | "month";
  readonly period_start: string;
  readonly source_bucket: string;
  readonly saos: number;
}

const duplicateStages = ["duplicate", "9-duplicate", "10-duplicate"];
const buckets: { readonly [source: string]: string } = {
  "sdr generated": "SDR generated",
  "bdr generated": "BDR generated",
  "ae generated": "AE generated",
};

/** The opportunities that count as sales accepted. */
export function findSaos(opportunities: readonly Opportunity[]): Opportunity[] {
  return opportunities.filter(
    (row) =>
      row.Sales_Accepted_Date__c !== null &&
      !row.IsDeleted &&
      !duplicateStages.includes(row.StageName.trim().toLowerCase()),
  );
}

/** The report, zero rows included, ordered by its key. */
export function recomputeReport(opportunities: readonly Opportunity[], asOf: string): SaoRow[] {
  const rows: SaoRow[] = [];
  const saos = findSaos(opportunities);
  for (const period of ["week", "month"] as const) {
    for (const bucket of new Set(saos.map(bucketOf))) {
      const starts = saos
        .filter((row) => bucketOf(row) === bucket)
        .map((row) => startOf(period, row.Sales_Accepted_Date__c!));
      const last = starts.sort().at(-1)!;
      let at = starts[0]!;
      while (at <= last) {
        const count = starts.filter((start) => start === at).length;
        if (count > 0 || at <= startOf(period, asOf)) {
          rows.push({ period, period_start: at, source_bucket: bucket, saos: count });
        }
        at = nextStart(period, at);
      }
    }
  }
  return rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What rows are ordered by. */
export function keyOf(row: SaoRow): string {
  return `${row.period} ${row.period_start} ${row.source_bucket}`;
}

function bucketOf({ Opportunity_Source__c: source }: Opportunity): string {
  return buckets[source?.trim().toLowerCase() ?? ""] ?? "Other";
}

function startOf(period: "week" | "month", day: string): string {
  if (period === "month") return `${day.slice(0, 7)}-01`;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function nextStart(period: "week" | "month", start: string): string {
  const date = new Date(`${start}T00:00:00Z`);
  if (period === "week") date.setUTCDate(date.getUTCDate() + 7);
  else date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}
