/** What a lead and a sales-accepted opportunity cost, by month and campaign. */
import type { Credit } from "./attribution.ts";
import { startOf } from "./calendar.ts";
import type { Day } from "./common-model.ts";
import { Decimal, ratio, sum, zero } from "./decimal.ts";
import { groupRows } from "./group-rows.ts";
import { channelOf, type Identity } from "./identity.ts";
import type { PlacedLead, PlacedSpend } from "./marketing-facts.ts";
import type { AcquisitionCostRow } from "./reports.ts";
import { fillPeriods } from "./zero-rows.ts";

interface Fact {
  readonly month: Day;
  readonly campaign_id: string | null;
  readonly channel: string;
  readonly spend: Decimal;
  readonly leads: number;
  readonly saos: Decimal;
}

/**
 * rpt_acquisition_cost: rows "where there is spend, a lead or an SAO; key (month, campaign_id, channel)".
 * @param accepted the default model's credits for measure sao
 */
export function reportAcquisitionCost(
  spend: readonly PlacedSpend[],
  leads: readonly PlacedLead[],
  accepted: readonly Credit[],
  identity: Identity,
  asOf: Day,
): AcquisitionCostRow[] {
  const facts = [
    ...spend.map(
      ({ amount, ...place }): Fact => ({ ...place, spend: amount, leads: 0, saos: zero }),
    ),
    ...leads.map((place): Fact => ({ ...place, spend: zero, leads: 1, saos: zero })),
    ...accepted.map((credit) => factOf(credit, identity)),
  ];
  return groupRows(facts, (fact) => [fact.campaign_id, fact.channel]).flatMap((group) => {
    const months = fillPeriods(
      "month",
      group.map((fact) => fact.month),
      asOf,
    );
    return months.map((month) => {
      const own = group.filter((fact) => fact.month === month);
      const { campaign_id, channel } = group[0]!;
      const campaign_name = identity.campaign(campaign_id)?.name ?? null;
      return { month, campaign_id, campaign_name, channel, ...addUp(own) };
    });
  });
}

/** "Month of acceptance"; unattributed SAOs have no campaign and the channel 'unattributed'. */
function factOf({ opportunity, touch, weight }: Credit, identity: Identity): Fact {
  const campaign_id = touch?.campaign_id ?? null;
  return {
    month: startOf("month", opportunity.sales_accepted_at!),
    campaign_id,
    channel: channelOf(identity, campaign_id),
    spend: zero,
    leads: 0,
    saos: weight,
  };
}

/** "Cost per lead = spend / leads, cost per SAO = spend / SAO weight." */
function addUp(facts: readonly Fact[]) {
  const spend = sum(facts.map((fact) => fact.spend));
  const leads = facts.reduce((count, fact) => count + fact.leads, 0);
  const saos = sum(facts.map((fact) => fact.saos));
  return {
    spend,
    leads,
    cost_per_lead: ratio(spend, new Decimal(leads)),
    saos,
    cost_per_sao: ratio(spend, saos),
  };
}
