/** One person of all the records that are the same one; accounts and campaigns as Salesforce knows them. */

import {
  type Account,
  type Campaign,
  type CommonModel,
  type Instant,
  type Person,
  salesforce,
} from "./common-model.ts";
import { compareBytes, normalise } from "./compare-text.ts";
import { appendTo } from "./group-rows.ts";

/** The channel of what belongs to none. */
const unattributed = "unattributed";

export interface ResolvedPerson {
  readonly person_id: string;
  readonly created_at: Instant;
  readonly is_deleted: boolean;
  readonly account_id: string | null;
}

/** What the ids of records stand for. */
export interface Identity {
  /** The person a record's id stands for, deleted ones included; undefined if no record has the id. */
  person(id: string): ResolvedPerson | undefined;
  /** Each resolved person once, deleted ones included. */
  readonly people: readonly ResolvedPerson[];
  /** The surviving account's id; an unknown id is itself. */
  accountId(id: string | null): string | null;
  /** The surviving campaign's id; an unknown id is itself. */
  campaignId(id: string | null): string | null;
  /** The surviving campaign of an id that already is a survivor's. */
  campaign(id: string | null): Campaign | undefined;
}

export function resolveIdentity(model: CommonModel): Identity {
  const accounts = survivors(
    model.cdm_account,
    (row: Account) => row.account_id,
    (row) => row.crm_account_id,
  );
  const campaigns = survivors(
    model.cdm_campaign,
    (row: Campaign) => row.campaign_id,
    (row) => row.crm_campaign_id,
  );
  const campaignRows = new Map(model.cdm_campaign.map((row) => [row.campaign_id, row]));
  const accountId = (id: string | null) => (id === null ? null : (accounts.get(id) ?? id));
  const byRecord = resolvePeople(model.cdm_person, accountId);
  return {
    person: (id) => byRecord.get(id),
    people: [...new Set(byRecord.values())],
    accountId,
    campaignId: (id) => (id === null ? null : (campaigns.get(id) ?? id)),
    campaign: (id) => (id === null ? undefined : campaignRows.get(id)),
  };
}

/** "Accounts and campaigns: the Salesforce record that `crm_*_id` names, if it exists, else itself." */
function survivors<Row extends { readonly source: string }>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  crmIdOf: (row: Row) => string | null,
): Map<string, string> {
  const known = new Set(rows.filter((row) => row.source === salesforce).map(idOf));
  return new Map(
    rows.map((row) => {
      const crmId = crmIdOf(row);
      const names = row.source !== salesforce && crmId !== null && known.has(crmId);
      return [idOf(row), names ? crmId : idOf(row)];
    }),
  );
}

function resolvePeople(
  records: readonly Person[],
  accountId: (id: string | null) => string | null,
): Map<string, ResolvedPerson> {
  const inOrder = [...records].sort(compareSurvivors);
  const resolved = new Map<string, ResolvedPerson>();
  for (const group of connect(inOrder)) {
    const accounts = group.map((row) => row.account_id ?? row.converted_account_id);
    const person = {
      // "The resolved person has the survivor's id, the earliest `created_at`, is deleted only if all its records are."
      person_id: group[0]!.person_id,
      created_at: Math.min(...group.map((row) => row.created_at)),
      is_deleted: group.every((row) => row.is_deleted),
      account_id: accountId(accounts.find((id) => id !== null) ?? null),
    };
    for (const record of group) resolved.set(record.person_id, person);
  }
  return resolved;
}

/**
 * "Survivor order: Salesforce contacts, Salesforce leads, others; within each not deleted first, then earliest
 * `created_at`, then id."
 */
function compareSurvivors(a: Person, b: Person): number {
  return (
    rankOf(a) - rankOf(b) ||
    Number(a.is_deleted) - Number(b.is_deleted) ||
    a.created_at - b.created_at ||
    compareBytes(a.person_id, b.person_id)
  );
}

function rankOf(record: Person): number {
  if (record.source !== salesforce) return 2;
  return record.kind === "contact" ? 0 : 1;
}

/** The groups of connected records, each in survivor order as the records given are. */
function connect(inOrder: readonly Person[]): Iterable<Person[]> {
  const own = inOrder.filter((record) => record.source === salesforce);
  const known = new Set(own.map((record) => record.person_id));
  const firstByEmail = new Map<string, string>();
  for (const record of own) {
    const email = normalise(record.email);
    if (email !== "" && !firstByEmail.has(email)) firstByEmail.set(email, record.person_id);
  }
  const leaders = new Map<string, string>();
  const leaderOf = (id: string): string => {
    const leader = leaders.get(id);
    return leader === undefined ? id : leaderOf(leader);
  };
  for (const record of inOrder) {
    const other = namedBy(record, known, firstByEmail);
    if (other === undefined || leaderOf(other) === leaderOf(record.person_id)) continue;
    leaders.set(leaderOf(record.person_id), leaderOf(other));
  }
  const groups = new Map<string, Person[]>();
  for (const record of inOrder) {
    appendTo(groups, leaderOf(record.person_id), record);
  }
  return groups.values();
}

/**
 * "Connected by: a Salesforce lead's `converted_contact_id`; a non-Salesforce record's `crm_person_id` naming a
 * Salesforce record; and only if that is null or unknown, equal e-mail with one Salesforce record."
 */
function namedBy(
  record: Person,
  known: ReadonlySet<string>,
  firstByEmail: ReadonlyMap<string, string>,
): string | undefined {
  if (record.source === salesforce) {
    const contact = record.kind === "lead" ? record.converted_contact_id : null;
    return contact !== null && known.has(contact) ? contact : undefined;
  }
  if (record.crm_person_id !== null && known.has(record.crm_person_id)) return record.crm_person_id;
  return firstByEmail.get(normalise(record.email));
}

/**
 * "Channel is never null: the surviving campaign's, else (for spend) `cdm_spend.channel`, else `'unattributed'`."
 * @param campaignId a survivor's id
 */
export function channelOf(
  identity: Identity,
  campaignId: string | null,
  otherwise: string | null = null,
): string {
  return identity.campaign(campaignId)?.channel ?? otherwise ?? unattributed;
}
