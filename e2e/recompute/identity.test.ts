import type { Person } from "./common-model.ts";
import { channelOf, resolveIdentity } from "./identity.ts";
import { at, makeAccount, makeCampaign, makeModel, makePerson } from "./make-rows.ts";

const lead = (id: string, fields: Partial<Person> = {}) =>
  makePerson(id, { kind: "lead", ...fields });
const other = (id: string, fields: Partial<Person> = {}) =>
  makePerson(id, { kind: "lead", source: "marketo", ...fields });
const resolve = (...cdm_person: readonly Person[]) => {
  const { person } = resolveIdentity(makeModel({ cdm_person }));
  return Object.fromEntries(
    cdm_person.map((row) => [row.person_id, person(row.person_id)?.person_id]),
  );
};

test.each<[string, readonly Person[], { readonly [id: string]: string }]>([
  [
    "a converted lead is its contact, two leads of one contact too",
    [
      lead("l1", { converted_contact_id: "c" }),
      lead("l2", { converted_contact_id: "c" }),
      makePerson("c"),
    ],
    { l1: "c", l2: "c", c: "c" },
  ],
  [
    "a lead whose contact is unknown is itself",
    [lead("l", { converted_contact_id: "gone" }), makePerson("c")],
    { l: "l", c: "c" },
  ],
  [
    "the record named by crm_person_id wins over the e-mail",
    [other("m", { crm_person_id: "a", email: "b@x" }), lead("a"), lead("b", { email: "b@x" })],
    { m: "a", a: "a", b: "b" },
  ],
  [
    "an unknown crm_person_id falls back to the e-mail, trimmed and in lower case",
    [other("m", { crm_person_id: "gone", email: " B@x " }), lead("b", { email: "b@X" })],
    { m: "b", b: "b" },
  ],
  [
    "an e-mail takes the first in survivor order and joins no two Salesforce records",
    [
      other("m", { email: "a@x" }),
      lead("a", { email: "a@x", created_at: at("2019-01-01") }),
      makePerson("b", { email: "a@x", is_deleted: true }),
      makePerson("c", { email: "a@x", created_at: at("2021-01-01") }),
    ],
    { m: "c", a: "a", b: "b", c: "c" },
  ],
  [
    "blank e-mails and those of two other records join nothing",
    [
      other("m", { email: " " }),
      other("n", { email: "n@x" }),
      other("o", { email: "n@x" }),
      lead("a", { email: "" }),
    ],
    { m: "m", n: "n", o: "o", a: "a" },
  ],
  [
    "a record that names a lead is the contact the lead became",
    [other("m", { crm_person_id: "l" }), lead("l", { converted_contact_id: "c" }), makePerson("c")],
    { m: "c", l: "c", c: "c" },
  ],
  [
    "a record of another source names no record of another source",
    [other("m", { crm_person_id: "n" }), other("n")],
    { m: "m", n: "n" },
  ],
])("%s", (_, people, expected) => {
  expect(resolve(...people)).toEqual(expected);
});

test("a person has the earliest creation and, in survivor order, the first account", () => {
  const { person } = resolveIdentity(
    makeModel({
      cdm_account: [makeAccount("A"), makeAccount("Z", { source: "zuora", crm_account_id: "A" })],
      cdm_person: [
        makePerson("c", { created_at: at("2022-01-01") }),
        lead("l", {
          created_at: at("2021-01-01"),
          converted_contact_id: "c",
          converted_account_id: "Z",
        }),
        other("m", { created_at: at("2020-01-01"), crm_person_id: "c", account_id: "B" }),
      ],
    }),
  );
  expect(person("m")).toEqual({
    person_id: "c",
    created_at: at("2020-01-01"),
    is_deleted: false,
    account_id: "A",
  });
});

test("a person is deleted only if all its records are; a deleted contact still survives its lead", () => {
  const gone = { is_deleted: true };
  const { person } = resolveIdentity(
    makeModel({
      cdm_person: [
        makePerson("c", gone),
        lead("l", { converted_contact_id: "c" }),
        makePerson("d", gone),
        lead("k", { converted_contact_id: "d", ...gone }),
      ],
    }),
  );
  expect(person("l")).toMatchObject({ person_id: "c", is_deleted: false });
  expect(person("k")).toMatchObject({ person_id: "d", is_deleted: true });
  expect(person("nobody")).toBeUndefined();
});

test("accounts and campaigns are the Salesforce record they name, if it exists", () => {
  const marketo = { source: "marketo" };
  const identity = resolveIdentity(
    makeModel({
      cdm_account: [
        makeAccount("A"),
        makeAccount("Z", { source: "zuora", crm_account_id: "A" }),
        makeAccount("Y", { source: "zuora", crm_account_id: "gone" }),
      ],
      cdm_campaign: [
        makeCampaign("C", { channel: null }),
        makeCampaign("P", { ...marketo, crm_campaign_id: "C", channel: "Web" }),
        makeCampaign("Q", { ...marketo, crm_campaign_id: "P", channel: "Web" }),
      ],
    }),
  );
  expect(["A", "Z", "Y", "X", null].map(identity.accountId)).toEqual(["A", "A", "Y", "X", null]);
  expect(["C", "P", "Q", "X", null].map(identity.campaignId)).toEqual(["C", "C", "Q", "X", null]);
  expect(channelOf(identity, "C")).toBe("unattributed");
  expect(channelOf(identity, "C", "Ads")).toBe("Ads");
  expect(channelOf(identity, "Q", "Ads")).toBe("Web");
  expect(channelOf(identity, "X")).toBe("unattributed");
});
