/** What a type of activity is, and how it shows an engagement. */
import type { Engagement, EngagementKind } from "../world/engagements.ts";
import type { AssetNames } from "./assets.ts";

type Value = string | number | boolean | null | readonly number[];
export type Attributes = { readonly [name: string]: Value };

interface Shown {
  readonly primary: { readonly id: number | null; readonly value: string | null } | null;
  readonly attributes: Attributes;
}

export interface ActivityType {
  readonly id: number;
  readonly name: string;
  readonly kind: EngagementKind;
  readonly primaryAttribute?: { readonly name: string; readonly dataType: string };
  readonly attributes: readonly { readonly name: string; readonly dataType: string }[];
  show(engagement: Engagement, names: AssetNames): Shown;
}

/** The attribute's name and type, as `Client IP Address:string`. */
export const attributes = (...listed: string[]) =>
  listed.map((each) => {
    const [name, dataType = "string"] = each.split(":");
    return { name: name!, dataType };
  });
export const primary = (name: string) => ({ primaryAttribute: { name, dataType: "string" } });
