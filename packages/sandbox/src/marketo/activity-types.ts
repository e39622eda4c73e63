/** All types of activities, and an engagement as an activity of its type. */
import type { Engagement, EngagementKind } from "../world/engagements.ts";
import type { ActivityType, Attributes } from "./activity-type.ts";
import type { AssetNames } from "./assets.ts";
import { EMAIL_ACTIVITIES } from "./email-activities.ts";
import { activityGuid, campaignId, leadId, timeText } from "./ids.ts";
import { LEAD_ACTIVITIES } from "./lead-activities.ts";
import { WEB_ACTIVITIES } from "./web-activities.ts";

export interface Activity {
  readonly marketoGUID: string;
  readonly leadId: number;
  readonly activityDate: string;
  readonly activityTypeId: number;
  readonly campaignId: number | null;
  readonly primaryAttributeValueId: number | null;
  readonly primaryAttributeValue: string | null;
  readonly attributes: Attributes;
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities */
export const ACTIVITY_TYPES: readonly ActivityType[] = [
  ...WEB_ACTIVITIES,
  ...EMAIL_ACTIVITIES,
  ...LEAD_ACTIVITIES,
];

export const TYPE_OF_KIND: ReadonlyMap<EngagementKind, ActivityType> = new Map(
  ACTIVITY_TYPES.map((type) => [type.kind, type]),
);

export function showActivity(engagement: Engagement, names: AssetNames): Activity {
  const type = TYPE_OF_KIND.get(engagement.kind)!;
  const shown = type.show(engagement, names);
  const { programKey } = engagement;
  const sends = engagement.kind === "sent" || engagement.kind === "delivered";
  return {
    marketoGUID: activityGuid(engagement.key),
    leadId: leadId(engagement.leadKey),
    activityDate: timeText(engagement.at),
    activityTypeId: type.id,
    campaignId: programKey === null ? null : campaignId(programKey, !sends),
    primaryAttributeValueId: shown.primary?.id ?? null,
    primaryAttributeValue: shown.primary?.value ?? null,
    attributes: shown.attributes,
  };
}

/** An entry of /rest/v1/activities/types.json. */
export function describeActivityType(type: ActivityType): object {
  const { id, name, primaryAttribute, attributes: listed } = type;
  return {
    id,
    name,
    description: `${name} (sandbox)`,
    ...(primaryAttribute && { primaryAttribute }),
    attributes: listed,
    apiName: null,
  };
}
