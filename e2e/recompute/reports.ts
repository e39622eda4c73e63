/** The rows of every report model, with exactly the columns the definitions fix. */
import type { Measure } from "./attribution.ts";
import type { AttributionModel } from "./attribution-weights.ts";
import type { Period } from "./calendar.ts";
import type { Day, Instant } from "./common-model.ts";
import type { Decimal } from "./decimal.ts";

export interface SaoRow {
  readonly opportunity_id: string;
  readonly account_id: string | null;
  readonly sales_accepted_at: Day;
  readonly source_bucket: string;
  readonly iacv: Decimal | null;
  readonly is_won: boolean;
}

export interface AttributionRow {
  readonly opportunity_id: string;
  readonly model: AttributionModel;
  readonly measure: Measure;
  readonly touch_id: string | null;
  readonly campaign_id: string | null;
  readonly touched_at: Instant | null;
  readonly weight: Decimal;
}

export interface SaoBySourceRow {
  readonly period: Period;
  readonly period_start: Day;
  readonly source_bucket: string;
  readonly saos: number;
}

export interface SaoByCampaignRow {
  readonly period: Period;
  readonly period_start: Day;
  readonly model: AttributionModel;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly channel: string;
  readonly saos: Decimal;
}

export interface AcquisitionCostRow {
  readonly month: Day;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly channel: string;
  readonly spend: Decimal;
  readonly leads: number;
  readonly cost_per_lead: Decimal | null;
  readonly saos: Decimal;
  readonly cost_per_sao: Decimal | null;
}

export interface ConversionRow {
  readonly touch_month: Day;
  readonly campaign_id: string;
  readonly wins: number;
  /** Days, halves included. */
  readonly median_conversion_days: number | null;
  readonly iacv_at_median: Decimal | null;
  readonly estimated_iacv: Decimal | null;
  readonly realised_iacv: Decimal;
}

export interface ChannelEconomicsRow {
  readonly channel: string;
  readonly period_start: Day;
  readonly spend: Decimal;
  readonly leads: number;
  readonly new_customers: Decimal;
  readonly cac: Decimal | null;
  readonly spend_12m: Decimal;
  readonly new_customers_12m: Decimal;
  readonly cac_12m: Decimal | null;
  readonly ltv: Decimal | null;
  readonly roi: Decimal | null;
  readonly roi_12m: Decimal | null;
  readonly estimated_iacv: Decimal | null;
  readonly iacv_to_marketing: Decimal | null;
}

export interface CollateralUsageRow {
  readonly asset: string;
  readonly touches: number;
  readonly people: number;
  readonly accounts: number;
  readonly saos_influenced: number;
  readonly saos_attributed: Decimal;
  readonly iacv_influenced: Decimal;
  readonly iacv_attributed: Decimal;
}

/** All reports, rows in no particular order. */
export interface Reports {
  readonly fct_sao: readonly SaoRow[];
  readonly fct_attribution: readonly AttributionRow[];
  readonly rpt_sao_by_source: readonly SaoBySourceRow[];
  readonly rpt_sao_by_campaign: readonly SaoByCampaignRow[];
  readonly rpt_acquisition_cost: readonly AcquisitionCostRow[];
  readonly rpt_conversion: readonly ConversionRow[];
  readonly rpt_channel_economics: readonly ChannelEconomicsRow[];
  readonly rpt_collateral_usage: readonly CollateralUsageRow[];
}
