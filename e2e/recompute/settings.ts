/** What a company sets: the dbt variables and the seeds the definitions name. */
import type { AttributionModel } from "./attribution-weights.ts";
import type { Day } from "./common-model.ts";
import { Decimal } from "./decimal.ts";

export interface Settings {
  /** IANA name of the zone in which an instant becomes a day. */
  readonly warehouse_timezone: string;
  readonly gross_margin: Decimal;
  readonly default_attribution_model: AttributionModel;
  readonly min_wins: number;
  readonly max_retention_years: number;
  /** The day the reports look from. */
  readonly as_of: Day;
  readonly opportunity_duplicate_stages: readonly string[];
  readonly opportunity_source_buckets: readonly {
    readonly opportunity_source: string;
    readonly source_bucket: string;
  }[];
  readonly currency_rates: readonly { readonly currency: string; readonly rate: Decimal }[];
}

/** The settings and seeds as shipped, looked from a day. */
export function shippedSettings(as_of: Day): Settings {
  return {
    warehouse_timezone: "UTC",
    gross_margin: new Decimal("0.8"),
    default_attribution_model: "last_touch",
    min_wins: 5,
    max_retention_years: 10,
    as_of,
    opportunity_duplicate_stages: ["Duplicate", "9-Duplicate", "10-Duplicate"],
    opportunity_source_buckets: ["SDR", "BDR", "AE"].map((who) => ({
      opportunity_source: `${who} Generated`,
      source_bucket: `${who} generated`,
    })),
    currency_rates: [],
  };
}
