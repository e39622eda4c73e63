/** Contact: a person at an account. */

import { startOfDay } from "../../world/calendar.ts";
import type { Person } from "../../world/people.ts";
import { area, date, email, flag, id, lookup, phone, picklist, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { addressFields } from "./address-fields.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";
import { LEAD_SOURCES } from "./lead.ts";

const SALUTATIONS = ["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."];

export const contact = defineObject<Person>({
  name: "Contact",
  label: "Contact",
  labelPlural: "Contacts",
  keyPrefix: PREFIX.Contact,
  table: (world) => world.contacts,
  fields: [
    id("Contact ID", (row) => recordId(PREFIX.Contact, row.key)),
    isDeleted(),
    lookup("MasterRecordId", "Master Record ID", "Contact", () => null),
    lookup("AccountId", "Account ID", "Account", (row) =>
      row.accountKey === null ? null : recordId(PREFIX.Account, row.accountKey),
    ),
    text("LastName", "Last Name", 80, (row) => row.lastName, {
      nillable: false,
      compoundFieldName: "Name",
    }),
    text("FirstName", "First Name", 40, (row) => row.firstName, {
      compoundFieldName: "Name",
    }),
    picklist("Salutation", "Salutation", SALUTATIONS, () => null),
    text("Name", "Full Name", 121, fullName, { nillable: false, isName: true }),
    ...addressFields<Person>("Mailing", (row) => row.place),
    phone("Phone", "Business Phone", (row) => row.phone),
    phone("MobilePhone", "Mobile Phone", (row) => row.mobile),
    email("Email", "Email", (row) => row.email),
    text("Title", "Title", 128, (row) => row.title),
    text("Department", "Department", 80, () => null),
    picklist("LeadSource", "Lead Source", LEAD_SOURCES, (row) => row.source),
    date("Birthdate", "Birthdate", (row) =>
      row.birthDay === null ? null : startOfDay(row.birthDay),
    ),
    area("Description", "Contact Description", 32000, (row) => row.description),
    flag("HasOptedOutOfEmail", "Email Opt Out", (row) => row.optedOut),
    lookup("OwnerId", "Owner ID", "User", (row) => userId(row.ownerKey)),
    ...auditFields<Person>(),
  ],
});

export function fullName(row: { firstName: string | null; lastName: string }): string {
  return row.firstName === null ? row.lastName : `${row.firstName} ${row.lastName}`;
}
