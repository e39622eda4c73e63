/** Every object of the organisation, in the vendor's alphabetical order. */
import type { SObject } from "../sobject.ts";
import { account } from "./account.ts";
import { campaign, campaignMember } from "./campaign.ts";
import { contact } from "./contact.ts";
import { lead } from "./lead.ts";
import {
  accountChangeEvent,
  attachment,
  contentDocumentLink,
  cronJobDetail,
} from "./odd-objects.ts";
import { opportunity } from "./opportunity.ts";
import {
  opportunityContactRole,
  opportunityFieldHistory,
  opportunityHistory,
} from "./opportunity-details.ts";
import { productUsage } from "./product-usage.ts";
import { task } from "./task.ts";
import { user } from "./user.ts";

export const ALL_OBJECTS: readonly SObject[] = [
  account,
  accountChangeEvent,
  attachment,
  campaign,
  campaignMember,
  contact,
  contentDocumentLink,
  cronJobDetail,
  lead,
  opportunity,
  opportunityContactRole,
  opportunityFieldHistory,
  opportunityHistory,
  productUsage,
  task,
  user,
];

const BY_NAME = new Map(ALL_OBJECTS.map((object) => [object.name.toLowerCase(), object]));

/** An object by its API name, whatever the case. */
export function findObject(name: string): SObject | undefined {
  return BY_NAME.get(name.toLowerCase());
}
