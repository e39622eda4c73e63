/** The opportunities that count: sales accepted, won, an account's first; their source and money. */

import type { Day, Instant, Opportunity } from "./common-model.ts";
import { compareBytes, normalise } from "./compare-text.ts";
import { Decimal, one } from "./decimal.ts";
import type { Identity } from "./identity.ts";
import type { Settings } from "./settings.ts";

export interface CountedOpportunity {
  readonly opportunity_id: string;
  /** The surviving account. */
  readonly account_id: string | null;
  readonly created_at: Instant;
  readonly close_date: Day;
  readonly sales_accepted_at: Day | null;
  readonly source_bucket: string;
  readonly is_won: boolean;
  /** In the reporting currency. */
  readonly iacv: Decimal | null;
}

/** "Not deleted, stage not a duplicate (seed; trimmed, case ignored)." */
export function countOpportunities(
  opportunities: readonly Opportunity[],
  identity: Identity,
  settings: Settings,
): CountedOpportunity[] {
  const duplicates = new Set(settings.opportunity_duplicate_stages.map(normalise));
  const buckets = new Map(
    settings.opportunity_source_buckets.map((row) => [
      normalise(row.opportunity_source),
      row.source_bucket,
    ]),
  );
  const rates = new Map(settings.currency_rates.map((row) => [normalise(row.currency), row.rate]));
  const counted = opportunities.filter(
    (row) => !row.is_deleted && !duplicates.has(normalise(row.stage)),
  );
  return counted.map((row) => ({
    opportunity_id: row.opportunity_id,
    account_id: identity.accountId(row.account_id),
    created_at: row.created_at,
    close_date: row.close_date,
    sales_accepted_at: row.sales_accepted_at,
    // "Null and unmapped -> Other."
    source_bucket: buckets.get(normalise(row.opportunity_source)) ?? "Other",
    is_won: row.is_won,
    // "Null = reporting currency; a currency without a rate counts 1:1."
    iacv: row.iacv?.times(rates.get(normalise(row.currency)) ?? one) ?? null,
  }));
}

/** A sales-accepted opportunity. */
export interface Sao extends CountedOpportunity {
  readonly sales_accepted_at: Day;
}

/** "SAO: an opportunity with `sales_accepted_at`, not deleted, stage not a duplicate." */
export function findSaos(counted: readonly CountedOpportunity[]): Sao[] {
  return counted.filter((row): row is Sao => row.sales_accepted_at !== null);
}

/** "Won opportunity: `is_won`, not deleted, stage not a duplicate; acceptance not required." */
export function findWon(counted: readonly CountedOpportunity[]): CountedOpportunity[] {
  return counted.filter((row) => row.is_won);
}

/** "An account's first won opportunity (smallest `close_date`, then id in byte order)", by opportunity id. */
export function findFirstWins(won: readonly CountedOpportunity[]): Set<string> {
  const firsts = new Map<string, string>();
  for (const row of [...won].sort(compareWins)) {
    if (row.account_id !== null && !firsts.has(row.account_id)) {
      firsts.set(row.account_id, row.opportunity_id);
    }
  }
  return new Set(firsts.values());
}

/** "Null iacv counts 0 in sums." */
export function iacvOf(opportunity: CountedOpportunity): Decimal {
  return opportunity.iacv ?? new Decimal(0);
}

function compareWins(a: CountedOpportunity, b: CountedOpportunity): number {
  if (a.close_date !== b.close_date) return a.close_date < b.close_date ? -1 : 1;
  return compareBytes(a.opportunity_id, b.opportunity_id);
}
