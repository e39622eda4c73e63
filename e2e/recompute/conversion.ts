/** How long touches take to become money, and how much: cohorts of campaign and touch month. */
import type { Credit } from "./attribution.ts";
import { daysBetween, endOfMonth, startOf } from "./calendar.ts";
import type { Day } from "./common-model.ts";
import { iacvOf } from "./counted-opportunities.ts";
import { type Decimal, sum } from "./decimal.ts";
import { groupRows } from "./group-rows.ts";
import type { ConversionRow } from "./reports.ts";
import type { Settings } from "./settings.ts";
import { fillPeriods } from "./zero-rows.ts";

/** A credited touch of a won opportunity. */
interface Conversion {
  readonly opportunity_id: string;
  readonly campaign_id: string;
  readonly month: Day;
  /** `day(close) - day(touch)` */
  readonly days: number;
  readonly weighted: Decimal;
  /** "Only iacv > 0 enters conversion times." */
  readonly isWin: boolean;
}

/** What decides m where a cohort's own wins do not. */
const daysWithoutWins = 90;

/**
 * rpt_conversion: "rows for a cohort with a won opportunity" and zero rows.
 * @param won the default model's credits for measure iacv
 */
export function reportConversion(won: readonly Credit[], settings: Settings): ConversionRow[] {
  const conversions = won.flatMap(readConversion);
  // "Over all cohorts' pairs if all wins together are [at least min_wins], else 90."
  const overall = medianDays(conversions, settings.min_wins) ?? daysWithoutWins;
  return groupRows(conversions, (row) => row.campaign_id).flatMap((group) => {
    const months = fillPeriods(
      "month",
      group.map((row) => row.month),
      settings.as_of,
    );
    return months.map((month) => {
      const cohort = group.filter((row) => row.month === month);
      return reportCohort(month, group[0]!.campaign_id, cohort, overall, settings);
    });
  });
}

function reportCohort(
  touch_month: Day,
  campaign_id: string,
  cohort: readonly Conversion[],
  overall: number,
  settings: Settings,
): ConversionRow {
  const median_conversion_days = medianDays(cohort, settings.min_wins);
  const limit = median_conversion_days ?? overall;
  // "Null until the month's last day is at least m days before `as_of`; 0 if nothing closed."
  const isMature = daysBetween(endOfMonth(touch_month), settings.as_of) >= limit;
  const closed = cohort.filter((row) => row.days <= limit);
  const iacv_at_median = isMature ? sum(closed.map((row) => row.weighted)) : null;
  return {
    touch_month,
    campaign_id,
    wins: countWins(cohort),
    median_conversion_days,
    iacv_at_median,
    estimated_iacv: iacv_at_median?.times(2) ?? null,
    realised_iacv: sum(cohort.map((row) => row.weighted)),
  };
}

/** "Cohort = campaign x month of the credited touch; unattributed is in none." */
function readConversion({ opportunity, touch, weight }: Credit): Conversion[] {
  if (touch === null || touch.campaign_id === null) return [];
  return [
    {
      opportunity_id: opportunity.opportunity_id,
      campaign_id: touch.campaign_id,
      month: startOf("month", touch.day),
      days: daysBetween(touch.day, opportunity.close_date),
      weighted: weight.times(iacvOf(opportunity)),
      isWin: iacvOf(opportunity).gt(0),
    },
  ];
}

/** "`wins` = distinct won opportunities with iacv > 0." */
function countWins(cohort: readonly Conversion[]): number {
  return new Set(cohort.filter((row) => row.isWin).map((row) => row.opportunity_id)).size;
}

/** "`percentile_cont(0.5)` over the pairs of such a win and its credited touch", null below `min_wins`. */
function medianDays(cohort: readonly Conversion[], minWins: number): number | null {
  if (countWins(cohort) < minWins) return null;
  const days = cohort.filter((row) => row.isWin).map((row) => row.days);
  days.sort((a, b) => a - b);
  const middle = (days.length - 1) / 2;
  const [low, high] = [days[Math.floor(middle)], days[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
