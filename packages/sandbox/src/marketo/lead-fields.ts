/** The fields of leads, as describe tells them and as rows have them. */
import { PREFIX } from "../salesforce/key-prefixes.ts";
import { recordId } from "../salesforce/record-id.ts";
import { startOfDay } from "../world/calendar.ts";
import type { MarketingLead } from "../world/marketing-leads.ts";
import { dayText, leadId, timeText } from "./ids.ts";

/** Decimals are texts, so that they keep their digits. */
export type LeadValue = string | number | boolean | null;

export interface LeadField {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly dataType: string;
  readonly length?: number;
  read(lead: MarketingLead): LeadValue;
}

type Read = LeadField["read"];
const of =
  (dataType: string, length?: number) =>
  (name: string, displayName: string, read: Read): Omit<LeadField, "id"> => ({
    name,
    displayName,
    dataType,
    ...(length === undefined ? {} : { length }),
    read,
  });
const text = of("string", 255);
const phone = of("phone", 255);
const integer = of("integer");
const datetime = of("datetime");

const linked =
  (read: (person: NonNullable<MarketingLead["person"]>) => LeadValue): Read =>
  ({ isLinked, person }) =>
    isLinked && person ? read(person) : null;

/** What people of the marketing system's own have in a field; the rest is the person's. */
const OWN_NOTES = "null";

const FIELDS = [
  integer("id", "Id", ({ key }) => leadId(key)),
  text("firstName", "First Name", (lead) => lead.firstName),
  text("lastName", "Last Name", (lead) => lead.lastName),
  of("email", 255)("email", "Email Address", (lead) => lead.email),
  text("company", "Company Name", (lead) => lead.company),
  text("title", "Job Title", ({ person }) => person?.title ?? null),
  phone("phone", "Phone Number", ({ person }) => person?.phone ?? null),
  phone("mobilePhone", "Mobile Phone Number", ({ person }) => person?.mobile ?? null),
  of("text", 2000)("address", "Address", ({ person }) => person?.place?.street ?? null),
  text("city", "City", ({ person }) => person?.place?.city ?? null),
  text("state", "State", ({ person }) => person?.place?.state ?? null),
  text("postalCode", "Postal Code", ({ person }) => person?.place?.postalCode ?? null),
  text("country", "Country", ({ person }) => person?.place?.country ?? null),
  text("industry", "Industry", ({ person }) => person?.industry ?? null),
  text("leadSource", "Lead Source", ({ person }) => person?.source ?? null),
  text("leadStatus", "Lead Status", ({ person }) => person?.status ?? null),
  of("score")("leadScore", "Lead Score", (lead) => lead.score),
  of("float")("fitScore", "Fit Score", ({ person, key }) =>
    key === 0 ? "0.1000000000000000055511151231257827" : (person?.score ?? null),
  ),
  of("currency")("annualRevenue", "Annual Revenue", ({ key }) => `${(key % 900) * 1000}.5`),
  of("date")("dateOfBirth", "Date of Birth", ({ person }) =>
    person?.birthDay == null ? null : dayText(startOfDay(person.birthDay)),
  ),
  of("boolean")("unsubscribed", "Unsubscribed", ({ person }) => person?.optedOut ?? false),
  of("textarea", 32_000)("personNotes", "Person Notes", ({ person, key }) =>
    person === null && key % 4 === 0 ? OWN_NOTES : withOddities(person?.description ?? null, key),
  ),
  text("originalSourceType", "Original Source Type", (lead) => lead.sourceType),
  of("url", 2000)("originalReferrer", "Original Referrer", (lead) => lead.referrer),
  text("anonymousIP", "Anonymous IP", (lead) => lead.ipAddress),
  text("sfdcType", "SFDC Type", (lead) =>
    lead.isLinked ? (lead.isContact ? "Contact" : "Lead") : null,
  ),
  text(
    "sfdcLeadId",
    "SFDC Lead Id",
    linked((person) => (person.wasLead ? recordId(PREFIX.Lead, person.key) : null)),
  ),
  text("sfdcContactId", "SFDC Contact Id", (lead) =>
    lead.isContact ? linked((person) => recordId(PREFIX.Contact, person.key))(lead) : null,
  ),
  text("sfdcAccountId", "SFDC Account Id", (lead) =>
    lead.isContact
      ? linked(({ accountKey }) =>
          accountKey === null ? null : recordId(PREFIX.Account, accountKey),
        )(lead)
      : null,
  ),
  datetime("createdAt", "Created At", (lead) => timeText(lead.createdAt)),
  datetime("updatedAt", "Updated At", (lead) => timeText(lead.changedAt)),
];

/** Carriage returns and NUL characters get into notes through forms and imports. */
function withOddities(notes: string | null, key: number): string | null {
  if (key === 0) return "carriage\rreturn, NUL \0 and 日本語、全角";
  return notes;
}

export const LEAD_FIELDS: readonly LeadField[] = FIELDS.map((field, n) => ({
  ...field,
  id: n + 2,
}));

const BY_NAME = new Map(LEAD_FIELDS.map((field) => [field.name, field]));

export function findLeadField(name: string): LeadField | undefined {
  return BY_NAME.get(name);
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads */
export function describeLeads(): readonly object[] {
  const described = LEAD_FIELDS.map(({ id, name, displayName, dataType, length }) => ({
    id,
    displayName,
    dataType,
    ...(length === undefined ? {} : { length }),
    rest: { name, readOnly: ["id", "createdAt", "updatedAt"].includes(name) },
    soap: { name: name[0]!.toUpperCase() + name.slice(1), readOnly: false },
  }));
  // Some fields are there for the older API alone.
  const soapOnly = { id: 999, displayName: "Legacy", dataType: "string", soap: { name: "Legacy" } };
  return [...described, soapOnly];
}
