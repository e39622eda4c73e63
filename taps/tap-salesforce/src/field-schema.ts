/** A field as `describe` tells it -> its JSON Schema, its privacy class, or why it cannot be read. Pure. */
import type { JsonSchema, PrivacyClass } from "@bizops/singer";

/** The part of a field's describe that matters here. */
export interface FieldDescribe {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly custom: boolean;
  /** A formula or roll-up, whose value changes without the row changing. */
  readonly calculated?: boolean;
  readonly deprecatedAndHidden?: boolean;
}

/** What a property comes to. */
export interface FieldPlan {
  readonly schema: JsonSchema;
  readonly unsupported?: string;
  readonly selectedByDefault: boolean;
}

const schemaOfType: { readonly [type: string]: JsonSchema } = {
  ...each(
    "id reference string picklist multipicklist combobox textarea phone url email encryptedstring anyType complexvalue datacategorygroupreference",
    { type: ["null", "string"] },
  ),
  ...each("boolean", { type: ["null", "boolean"] }),
  ...each("int long", { type: ["null", "integer"] }),
  ...each("double currency percent", { type: ["null", "number"] }),
  ...each("date", { type: ["null", "string"], format: "date" }),
  ...each("datetime", { type: ["null", "string"], format: "date-time" }),
  ...each("time", { type: ["null", "string"], format: "time" }),
};

const unsupportedTypes: { readonly [type: string]: string } = {
  address: "a compound of fields that can be read one by one",
  location: "a compound of fields that can be read one by one",
  base64: "binary content",
};

/** Types in which people can write what they like. */
const textTypes = new Set(
  "string textarea url encryptedstring anyType combobox email phone complexvalue".split(" "),
);

/**
 * @param object the API name of the object
 * @param hasPersonAccounts whether rows of Account may be people
 * @param selectCustomText whether custom text fields are read by default too
 */
export function planField(
  object: string,
  field: FieldDescribe,
  hasPersonAccounts: boolean,
  selectCustomText: boolean,
): FieldPlan {
  const { name, label, type, custom } = field;
  const plain = schemaOfType[type];
  const privacyClass = classifyPrivacy(object, field, hasPersonAccounts);
  const schema: JsonSchema = {
    ...(name === "Id" ? { type: "string" } : (plain ?? {})),
    description: label,
    ...(privacyClass !== undefined && { "x-privacy": privacyClass }),
  };
  const unsupported =
    unsupportedTypes[type] ??
    (plain === undefined ? `type ${type} is not known to this version` : undefined) ??
    (field.deprecatedAndHidden === true ? "hidden by Salesforce" : undefined);
  return {
    schema,
    ...(unsupported !== undefined && { unsupported }),
    selectedByDefault: selectCustomText || !(custom && textTypes.has(type)),
  };
}

/** Objects whose Name is a person's. */
const personObjects = new Set(["CampaignMember", "Contact", "Individual", "Lead", "User"]);

const directNames = [
  /^(Person)?(First|Middle|Last|Informal)Name(Local)?$/,
  /^(Person)?Suffix$/,
  /^(Supplied|From|Sender|Reply)Name$/,
  /^(Username|CommunityNickname|Alias|FederationIdentifier)$/,
  /^(From|To|Cc|Bcc|Reply|Relay)(To)?Address$/,
  /e_?mail/i,
  /(phone|fax|mobile)(__c)?$/i,
  /Street/,
  /(?:^|[a-z_])I[Pp](?:_?[Aa]ddress)?(?:__c)?$/,
];

const indirectNames = [
  /(City|PostalCode|State|StateCode|Country|CountryCode|Latitude|Longitude|GeocodeAccuracy)$/,
  /Birth_?[Dd]ate/,
  /^(Person)?(Salutation|Title|Department|GenderIdentity|Pronouns)$/,
];

const freeTextNames = /(Description|Comments?|Notes?|Subject|Signature|HtmlBody|TextBody)(__c)?$/;

/** What kind of personal data a field holds; names of accounts, opportunities and campaigns are none. */
export function classifyPrivacy(
  object: string,
  { name, type }: FieldDescribe,
  hasPersonAccounts: boolean,
): PrivacyClass | undefined {
  if (type === "email" || type === "phone") return "direct";
  const isText = textTypes.has(type);
  if (isText && directNames.some((pattern) => pattern.test(name))) return "direct";
  if (isText && name === "Name") {
    const isPerson = personObjects.has(object) || (object === "Account" && hasPersonAccounts);
    return isPerson ? "direct" : undefined;
  }
  // A history keeps old values of any field, personal ones too.
  if (type === "textarea" || type === "anyType") return "free-text";
  if (isText && freeTextNames.test(name)) return "free-text";
  if (type !== "boolean" && indirectNames.some((pattern) => pattern.test(name))) return "indirect";
  return undefined;
}

function each(types: string, schema: JsonSchema): { [type: string]: JsonSchema } {
  return Object.fromEntries(types.split(" ").map((type) => [type, schema]));
}
