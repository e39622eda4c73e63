/** Sales-accepted opportunities: one by one, by source and by campaign. */
import type { Credit } from "./attribution.ts";
import { startOf } from "./calendar.ts";
import type { Day } from "./common-model.ts";
import { type CountedOpportunity, findSaos } from "./counted-opportunities.ts";
import { sum } from "./decimal.ts";
import { groupRows } from "./group-rows.ts";
import { channelOf, type Identity } from "./identity.ts";
import type { SaoByCampaignRow, SaoBySourceRow, SaoRow } from "./reports.ts";
import { fillPeriods } from "./zero-rows.ts";

const periods = ["week", "month"] as const;

/** fct_sao: "dated by `sales_accepted_at`"; "iacv is converted and stays null when null". */
export function reportSaos(counted: readonly CountedOpportunity[]): SaoRow[] {
  return findSaos(counted).map((row) => ({
    opportunity_id: row.opportunity_id,
    account_id: row.account_id,
    sales_accepted_at: row.sales_accepted_at,
    source_bucket: row.source_bucket,
    iacv: row.iacv,
    is_won: row.is_won,
  }));
}

/** rpt_sao_by_source: "week and month apart". */
export function reportSaosBySource(saos: readonly SaoRow[], asOf: Day): SaoBySourceRow[] {
  return groupRows(saos, (row) => row.source_bucket).flatMap((group) =>
    periods.flatMap((period) => {
      const starts = group.map((row) => startOf(period, row.sales_accepted_at));
      return fillPeriods(period, starts, asOf).map((period_start) => ({
        period,
        period_start,
        source_bucket: group[0]!.source_bucket,
        saos: starts.filter((start) => start === period_start).length,
      }));
    }),
  );
}

/** rpt_sao_by_campaign: the weights of measure sao, all seven models. */
export function reportSaosByCampaign(
  credits: readonly Credit[],
  identity: Identity,
  asOf: Day,
): SaoByCampaignRow[] {
  const accepted = credits
    .filter((credit) => credit.measure === "sao")
    .map(({ opportunity, model, touch, weight }) => ({
      day: opportunity.sales_accepted_at!,
      model,
      campaign_id: touch?.campaign_id ?? null,
      weight,
    }));
  return groupRows(accepted, (row) => [row.model, row.campaign_id]).flatMap((group) =>
    periods.flatMap((period) => {
      const { model, campaign_id } = group[0]!;
      const parts = group.map(({ day, weight }) => ({ start: startOf(period, day), weight }));
      const starts = parts.map(({ start }) => start);
      return fillPeriods(period, starts, asOf).map((period_start) => ({
        period,
        period_start,
        model,
        campaign_id,
        campaign_name: identity.campaign(campaign_id)?.name ?? null,
        channel: channelOf(identity, campaign_id),
        saos: sum(parts.filter((part) => part.start === period_start).map((part) => part.weight)),
      }));
    }),
  );
}
