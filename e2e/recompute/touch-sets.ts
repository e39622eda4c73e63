/** Touches with the people and campaigns they stand for, and those that come before an opportunity's day. */
import { dayOf } from "./calendar.ts";
import type { CommonModel, Day, Instant, OpportunityPerson } from "./common-model.ts";
import { compareBytes } from "./compare-text.ts";
import type { CountedOpportunity } from "./counted-opportunities.ts";
import { appendTo } from "./group-rows.ts";
import type { Identity, ResolvedPerson } from "./identity.ts";

export interface ResolvedTouch {
  readonly touch_id: string;
  readonly person: ResolvedPerson;
  /** The surviving campaign, or the id as it is if no record has it. */
  readonly campaign_id: string | null;
  readonly touched_at: Instant;
  readonly day: Day;
  readonly asset: string | null;
}

/**
 * "Touches whose person is unknown or deleted exist for no report. Ordered by `touched_at`, then `touch_id` in byte
 * order."
 */
export function resolveTouches(
  model: CommonModel,
  identity: Identity,
  zone: string,
): ResolvedTouch[] {
  const touches: ResolvedTouch[] = [];
  for (const { touch_id, person_id, campaign_id, touched_at, asset } of model.cdm_touch) {
    const person = person_id === null ? undefined : identity.person(person_id);
    if (person === undefined || person.is_deleted) continue;
    touches.push({
      touch_id,
      person,
      campaign_id: identity.campaignId(campaign_id),
      touched_at,
      day: dayOf(touched_at, zone),
      asset,
    });
  }
  return touches.sort(compareTouches);
}

/** Gives the touch set of an opportunity up to a day. */
export type FindTouchSet = (opportunity: CountedOpportunity, until: Day) => ResolvedTouch[];

/** "Touches of its people that have a campaign (known or not), `day(touched_at) <=` the day", in their order. */
export function prepareTouchSets(
  touches: readonly ResolvedTouch[],
  identity: Identity,
  roles: readonly OpportunityPerson[],
): FindTouchSet {
  const touchesOf = new Map<ResolvedPerson, ResolvedTouch[]>();
  for (const touch of touches) {
    if (touch.campaign_id !== null) appendTo(touchesOf, touch.person, touch);
  }
  const peopleOf = preparePeople(identity, roles);
  return (opportunity, until) => {
    const all = [...peopleOf(opportunity)].flatMap((person) => touchesOf.get(person) ?? []);
    return all.filter((touch) => touch.day <= until).sort(compareTouches);
  };
}

/**
 * "The resolved, not deleted persons of its `cdm_opportunity_person` rows; only if there is none, all resolved, not
 * deleted persons whose account is the opportunity's."
 */
function preparePeople(
  identity: Identity,
  roles: readonly OpportunityPerson[],
): (opportunity: CountedOpportunity) => ReadonlySet<ResolvedPerson> {
  const inRoles = new Map<string, ResolvedPerson[]>();
  for (const { opportunity_id, person_id } of roles) {
    const person = identity.person(person_id);
    if (person !== undefined && !person.is_deleted) appendTo(inRoles, opportunity_id, person);
  }
  const atAccount = new Map<string, ResolvedPerson[]>();
  for (const person of identity.people) {
    if (person.account_id !== null && !person.is_deleted) {
      appendTo(atAccount, person.account_id, person);
    }
  }
  return ({ opportunity_id, account_id }) =>
    new Set(inRoles.get(opportunity_id) ?? atAccount.get(account_id ?? "") ?? []);
}

function compareTouches(a: ResolvedTouch, b: ResolvedTouch): number {
  return a.touched_at - b.touched_at || compareBytes(a.touch_id, b.touch_id);
}
