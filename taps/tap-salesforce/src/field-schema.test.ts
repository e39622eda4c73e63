import { type FieldDescribe, planField } from "./field-schema.ts";

const field = (
  name: string,
  type = "string",
  more: Partial<FieldDescribe> = {},
): FieldDescribe => ({
  name,
  label: `${name} label`,
  type,
  custom: name.endsWith("__c"),
  ...more,
});
const plan = (object: string, describe: FieldDescribe, persons = false, customText = false) =>
  planField(object, describe, persons, customText);

describe("planField", () => {
  test.each([
    ["reference", { type: ["null", "string"] }],
    ["picklist", { type: ["null", "string"] }],
    ["anyType", { type: ["null", "string"] }],
    ["boolean", { type: ["null", "boolean"] }],
    ["int", { type: ["null", "integer"] }],
    ["currency", { type: ["null", "number"] }],
    ["percent", { type: ["null", "number"] }],
    ["date", { type: ["null", "string"], format: "date" }],
    ["datetime", { type: ["null", "string"], format: "date-time" }],
    ["time", { type: ["null", "string"], format: "time" }],
  ])("%s", (type, schema) => {
    expect(plan("Thing", field("X", type)).schema).toMatchObject({
      ...schema,
      description: "X label",
    });
  });

  test("Id is never null", () => {
    expect(plan("Account", field("Id", "id")).schema.type).toBe("string");
  });

  test.each(["address", "location", "base64", "json"])(
    "%s is unsupported, with a reason",
    (type) => {
      expect(plan("Account", field("X", type)).unsupported).toEqual(expect.any(String));
    },
  );

  test("custom text is not selected by default, other custom fields and standard text are", () => {
    const selected = (describe: FieldDescribe, customText = false) =>
      plan("Account", describe, false, customText).selectedByDefault;
    expect(selected(field("Notes__c", "textarea"))).toBe(false);
    expect(selected(field("Plan__c"))).toBe(false);
    expect(selected(field("Plan__c"), true)).toBe(true);
    expect(selected(field("Plan__c", "picklist"))).toBe(true);
    expect(selected(field("Arr__c", "currency"))).toBe(true);
    expect(selected(field("Industry"))).toBe(true);
  });
});

describe("privacy classes", () => {
  test.each([
    ["Contact", "Email", "email", "direct"],
    ["Contact", "MobilePhone", "phone", "direct"],
    ["Lead", "Fax", "phone", "direct"],
    ["Contact", "FirstName", "string", "direct"],
    ["Lead", "Name", "string", "direct"],
    ["User", "Username", "string", "direct"],
    ["User", "Alias", "string", "direct"],
    ["Account", "BillingStreet", "textarea", "direct"],
    ["Account", "PersonLastName", "string", "direct"],
    ["Contact", "Work_Email__c", "string", "direct"],
    ["LoginHistory", "SourceIp", "string", "direct"],
    ["Case", "SuppliedName", "string", "direct"],
    ["EmailMessage", "ToAddress", "string", "direct"],
    ["Account", "Description", "textarea", "free-text"],
    ["Lead", "Comments__c", "string", "free-text"],
    ["OpportunityFieldHistory", "OldValue", "anyType", "free-text"],
    ["Account", "BillingCity", "string", "indirect"],
    ["Lead", "CountryCode", "picklist", "indirect"],
    ["Contact", "MailingLatitude", "double", "indirect"],
    ["Contact", "Birthdate", "date", "indirect"],
    ["Contact", "Title", "string", "indirect"],
    ["Account", "Name", "string", undefined],
    ["Opportunity", "Name", "string", undefined],
    ["Campaign", "Name", "string", undefined],
    ["Contact", "HasOptedOutOfEmail", "boolean", undefined],
    ["Contact", "EmailBouncedDate", "datetime", undefined],
    ["User", "EmailEncodingKey", "picklist", undefined],
    ["Account", "Membership__c", "string", undefined],
    ["Account", "VIP__c", "string", undefined],
  ])("%s.%s (%s): %s", (object, name, type, expected) => {
    expect(plan(object, field(name, type)).schema["x-privacy"]).toBe(expected);
  });

  test("where accounts may be people, their names are personal", () => {
    expect(plan("Account", field("Name"), true).schema["x-privacy"]).toBe("direct");
  });
});
