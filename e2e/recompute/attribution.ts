/** Who gets the credit of which opportunity: for each measure and model, parts that sum to 1. */
import {
  type AttributionModel,
  attributionModels,
  type Creation,
  type Weighted,
  weigh,
} from "./attribution-weights.ts";
import { type CountedOpportunity, findSaos, findWon } from "./counted-opportunities.ts";
import { type Decimal, one } from "./decimal.ts";
import type { AttributionRow } from "./reports.ts";
import type { FindTouchSet, ResolvedTouch } from "./touch-sets.ts";

export type Measure = "sao" | "iacv";

/** A part of an opportunity; `touch` is null where there was none. */
export interface Credit {
  readonly opportunity: CountedOpportunity;
  readonly measure: Measure;
  readonly model: AttributionModel;
  readonly touch: ResolvedTouch | null;
  readonly weight: Decimal;
}

/** An opportunity with the touches that may get credit for it, in their order. */
export interface TouchedOpportunity {
  readonly opportunity: CountedOpportunity;
  readonly measure: Measure;
  readonly touches: readonly ResolvedTouch[];
}

/** "SAOs for measure sao and won opportunities for iacv", each with its touch set up to that measure's day. */
export function findTouched(
  counted: readonly CountedOpportunity[],
  touchSet: FindTouchSet,
): TouchedOpportunity[] {
  const saos = findSaos(counted).map((opportunity) => ({
    opportunity,
    measure: "sao" as const,
    touches: touchSet(opportunity, opportunity.sales_accepted_at),
  }));
  const won = findWon(counted).map((opportunity) => ({
    opportunity,
    measure: "iacv" as const,
    touches: touchSet(opportunity, opportunity.close_date),
  }));
  return [...saos, ...won];
}

/** The credits of all models. */
export function giveCredit(touched: readonly TouchedOpportunity[]): Credit[] {
  return touched.flatMap(({ opportunity, measure, touches }) => {
    const creation: Creation = {
      lead: Math.min(...touches.map((touch) => touch.person.created_at)),
      opportunity: opportunity.created_at,
    };
    return attributionModels.flatMap((model) => {
      // "An empty set is one row `touch_id` null, weight 1."
      const nobody: Weighted<ResolvedTouch | null>[] = [{ touch: null, weight: one }];
      const weighted = touches.length === 0 ? nobody : weigh(model, touches, creation);
      return weighted.map((part) => ({ opportunity, measure, model, ...part }));
    });
  });
}

/** fct_attribution. */
export function reportAttribution(credits: readonly Credit[]): AttributionRow[] {
  return credits.map(({ opportunity, model, measure, touch, weight }) => ({
    opportunity_id: opportunity.opportunity_id,
    model,
    measure,
    touch_id: touch?.touch_id ?? null,
    campaign_id: touch?.campaign_id ?? null,
    touched_at: touch?.touched_at ?? null,
    weight,
  }));
}
