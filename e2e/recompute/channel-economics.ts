/** What customers cost and are worth, by channel and month. */
import type { Credit } from "./attribution.ts";
import { addPeriods, startOf } from "./calendar.ts";
import type { Day } from "./common-model.ts";
import { findFirstWins, iacvOf } from "./counted-opportunities.ts";
import { type Decimal, ratio, sum } from "./decimal.ts";
import { channelOf, type Identity } from "./identity.ts";
import type { PlacedLead, PlacedSpend } from "./marketing-facts.ts";
import type { ChannelEconomicsRow, ConversionRow } from "./reports.ts";
import type { FindRetention } from "./retention.ts";
import type { Settings } from "./settings.ts";
import { fillPeriods } from "./zero-rows.ts";

/** A channel's part of a new customer. */
interface CustomerShare {
  readonly month: Day;
  readonly channel: string;
  readonly weight: Decimal;
  readonly weighted: Decimal;
}

export interface EconomicsFacts {
  readonly spend: readonly PlacedSpend[];
  readonly leads: readonly PlacedLead[];
  /** The default model's credits for measure iacv. */
  readonly won: readonly Credit[];
  readonly conversion: readonly ConversionRow[];
}

/** The facts of one channel. */
interface ChannelFacts {
  readonly channel: string;
  readonly spend: readonly PlacedSpend[];
  readonly leads: readonly PlacedLead[];
  readonly customers: readonly CustomerShare[];
  readonly conversion: readonly ConversionRow[];
}

/** rpt_channel_economics: rows where there is "spend, a lead, a new customer or an rpt_conversion row". */
export function reportChannelEconomics(
  facts: EconomicsFacts,
  retention: FindRetention,
  identity: Identity,
  settings: Settings,
): ChannelEconomicsRow[] {
  return splitByChannel(facts, identity).flatMap((own) => {
    const months = [
      ...[...own.spend, ...own.leads, ...own.customers].map((fact) => fact.month),
      ...own.conversion.map((row) => row.touch_month),
    ];
    return fillPeriods("month", months, settings.as_of).map((month) =>
      reportMonth(own, month, retention(month), settings),
    );
  });
}

function splitByChannel(facts: EconomicsFacts, identity: Identity): ChannelFacts[] {
  const customers = shareCustomers(facts.won, identity);
  const channelOfRow = (row: ConversionRow) => channelOf(identity, row.campaign_id);
  const channels = new Set([
    ...[...facts.spend, ...facts.leads, ...customers].map((fact) => fact.channel),
    ...facts.conversion.map(channelOfRow),
  ]);
  return [...channels].map((channel) => ({
    channel,
    spend: facts.spend.filter((row) => row.channel === channel),
    leads: facts.leads.filter((row) => row.channel === channel),
    customers: customers.filter((row) => row.channel === channel),
    conversion: facts.conversion.filter((row) => channelOfRow(row) === channel),
  }));
}

function reportMonth(
  own: ChannelFacts,
  month: Day,
  years: Decimal | null,
  settings: Settings,
): ChannelEconomicsRow {
  const isThis = (fact: { readonly month: Day }) => fact.month === month;
  // "The 12 months ending with this one."
  const first = addPeriods("month", month, -11);
  const isOfYear = (fact: { readonly month: Day }) => first <= fact.month && fact.month <= month;
  const spend = sum(own.spend.filter(isThis).map((row) => row.amount));
  const new_customers = sum(own.customers.filter(isThis).map((row) => row.weight));
  const spend_12m = sum(own.spend.filter(isOfYear).map((row) => row.amount));
  const ofYear = own.customers.filter(isOfYear);
  const new_customers_12m = sum(ofYear.map((row) => row.weight));
  const cac = ratio(spend, new_customers);
  const cac_12m = ratio(spend_12m, new_customers_12m);
  // "(Sum of weight x iacv of the new customers / sum of their weights) x margin x retention years."
  const worth = ratio(sum(ofYear.map((row) => row.weighted)), new_customers_12m);
  const ltv = years === null ? null : (worth?.times(settings.gross_margin).times(years) ?? null);
  const estimated_iacv = addEstimates(own.conversion.filter((row) => row.touch_month === month));
  return {
    channel: own.channel,
    period_start: month,
    spend,
    leads: own.leads.filter(isThis).length,
    new_customers,
    cac,
    spend_12m,
    new_customers_12m,
    cac_12m,
    ltv,
    roi: ratio(ltv, cac),
    roi_12m: ratio(ltv, cac_12m),
    estimated_iacv,
    iacv_to_marketing: ratio(estimated_iacv, spend),
  };
}

/** "New customer: in the month of its close, given to channels by its weights ('unattributed' included)." */
function shareCustomers(won: readonly Credit[], identity: Identity): CustomerShare[] {
  const firsts = findFirstWins(won.map((credit) => credit.opportunity));
  return won
    .filter(({ opportunity }) => firsts.has(opportunity.opportunity_id))
    .map(({ opportunity, touch, weight }) => ({
      month: startOf("month", opportunity.close_date),
      channel: channelOf(identity, touch?.campaign_id ?? null),
      weight,
      weighted: weight.times(iacvOf(opportunity)),
    }));
}

/** "Sums its campaigns' with that touch month (null if one of them is null, or none)." */
function addEstimates(rows: readonly ConversionRow[]): Decimal | null {
  const estimates = rows.flatMap((row) => row.estimated_iacv ?? []);
  return rows.length === 0 || estimates.length < rows.length ? null : sum(estimates);
}
