/** What marketing spent and whom it reached, by month, campaign and channel. */
import { startOf } from "./calendar.ts";
import type { Day, Spend } from "./common-model.ts";
import type { Decimal } from "./decimal.ts";
import { channelOf, type Identity, type ResolvedPerson } from "./identity.ts";
import type { ResolvedTouch } from "./touch-sets.ts";

export interface PlacedSpend {
  readonly month: Day;
  readonly campaign_id: string | null;
  readonly channel: string;
  readonly amount: Decimal;
}

export interface PlacedLead {
  readonly month: Day;
  readonly campaign_id: string;
  readonly channel: string;
}

/** "Spend belongs to the month of `day(spent_on)`, never spread; all kinds count in every report." */
export function placeSpend(spend: readonly Spend[], identity: Identity): PlacedSpend[] {
  return spend.map((row) => {
    const campaign_id = identity.campaignId(row.campaign_id);
    return {
      month: startOf("month", row.spent_on),
      campaign_id,
      channel: channelOf(identity, campaign_id, row.channel),
      amount: row.amount,
    };
  });
}

/**
 * "Attributed leads: resolved, not deleted persons with at least one touch that has a campaign; each counts once, for
 * the campaign and channel of the first such touch, in the month of its day."
 * @param touches in their order
 */
export function attributeLeads(
  touches: readonly ResolvedTouch[],
  identity: Identity,
): PlacedLead[] {
  const seen = new Set<ResolvedPerson>();
  const leads: PlacedLead[] = [];
  for (const { person, campaign_id, day } of touches) {
    if (campaign_id === null || seen.has(person)) continue;
    seen.add(person);
    leads.push({
      month: startOf("month", day),
      campaign_id,
      channel: channelOf(identity, campaign_id),
    });
  }
  return leads;
}
