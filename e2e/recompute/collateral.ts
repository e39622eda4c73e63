/** Which pages, forms and links people used, and what came of it. */
import type { Credit, Measure, TouchedOpportunity } from "./attribution.ts";
import { type CountedOpportunity, iacvOf } from "./counted-opportunities.ts";
import { sum } from "./decimal.ts";
import { appendTo, groupRows } from "./group-rows.ts";
import type { CollateralUsageRow } from "./reports.ts";
import type { ResolvedTouch } from "./touch-sets.ts";

/**
 * rpt_collateral_usage: "all time, touches (campaign or not) with a non-blank asset of not deleted persons".
 * @param credits the default model's, both measures
 */
export function reportCollateral(
  touches: readonly ResolvedTouch[],
  touched: readonly TouchedOpportunity[],
  credits: readonly Credit[],
): CollateralUsageRow[] {
  const influenced = groupByAsset(touched);
  const attributed = new Map<string, Credit[]>();
  for (const credit of credits) {
    const asset = credit.touch?.asset ?? null;
    if (asset !== null) appendTo(attributed, asset, credit);
  }
  const used = touches.filter(({ asset }) => asset !== null && asset.trim() !== "");
  return groupRows(used, (touch) => touch.asset!).map((group) => {
    const asset = group[0]!.asset!;
    const people = new Set(group.map((touch) => touch.person));
    const accounts = new Set([...people].flatMap((person) => person.account_id ?? []));
    const [saos, won] = [influenced("sao", asset), influenced("iacv", asset)];
    const credit = attributed.get(asset) ?? [];
    return {
      asset,
      touches: group.length,
      people: people.size,
      accounts: accounts.size,
      saos_influenced: saos.length,
      saos_attributed: sum(credit.filter((c) => c.measure === "sao").map((c) => c.weight)),
      iacv_influenced: sum(won.map(iacvOf)),
      iacv_attributed: sum(
        credit
          .filter((c) => c.measure === "iacv")
          .map((c) => c.weight.times(iacvOf(c.opportunity))),
      ),
    };
  });
}

/** "Influenced: distinct SAOs (won opportunities) whose touch set for that measure holds a touch of the asset." */
function groupByAsset(
  touched: readonly TouchedOpportunity[],
): (measure: Measure, asset: string) => readonly CountedOpportunity[] {
  const byAsset = new Map<string, TouchedOpportunity[]>();
  for (const row of touched) {
    for (const asset of new Set(row.touches.flatMap((touch) => touch.asset ?? []))) {
      appendTo(byAsset, asset, row);
    }
  }
  return (measure, asset) =>
    (byAsset.get(asset) ?? [])
      .filter((row) => row.measure === measure)
      .map((row) => row.opportunity);
}
