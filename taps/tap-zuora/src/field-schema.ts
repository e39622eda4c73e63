/** A field as describe tells it -> its JSON Schema, its privacy class, or why it cannot be read. Pure. */
import type { JsonSchema, PrivacyClass } from "@bizops/singer";
import type { FieldDescribe } from "./describe.ts";

/** What a property comes to. */
export interface FieldPlan {
  readonly schema: JsonSchema;
  readonly unsupported?: string;
  readonly selectedByDefault: boolean;
}

const schemaOfType: { readonly [type: string]: JsonSchema } = {
  text: { type: ["null", "string"] },
  picklist: { type: ["null", "string"] },
  boolean: { type: ["null", "boolean"] },
  integer: { type: ["null", "integer"] },
  decimal: { type: ["null", "number"] },
  date: { type: ["null", "string"], format: "date" },
  datetime: { type: ["null", "string"], format: "date-time" },
};

export function planField(
  object: string,
  { name, label, type, custom }: FieldDescribe,
  selectCustomText: boolean,
): FieldPlan {
  const plain = schemaOfType[type];
  const privacyClass = classifyPrivacy(object, name, type);
  return {
    schema: {
      ...(name === "Id" ? { type: "string" } : (plain ?? {})),
      description: label,
      ...(privacyClass !== undefined && { "x-privacy": privacyClass }),
    },
    ...(plain === undefined && { unsupported: `type ${type} is not known to this version` }),
    selectedByDefault: selectCustomText || !(custom && type === "text"),
  };
}

const directNames = [
  /^(First|Middle|Last|Nick)Name$/,
  /(Rep|Holder|Recipient|User)Name(__c)?$/,
  /^(Ach|Bank|CreditCard)\w*(Number|Mask|Name|Code)$/,
  /^(PostedBy|SalesRep|Username|AuthorizationCode)$/,
  /e_?mail/i,
  /(phone|fax|mobile)/i,
  /(address|street)\d?(__c)?$/i,
  /(?:^|[a-z_])I[Pp](?:_?[Aa]ddress)?(?:__c)?$/,
  /^(VATId|TaxExemptCertificateID)$/i,
];

const indirectNames = [
  /(City|County|State|Province|Country|PostalCode|ZipCode|TaxRegion)(__c)?$/,
  /Birth_?[Dd]ate/,
];

const freeTextNames = /(Description|Comments?|Notes?|Memo|Message|ReasonText)(__c)?$/;

/** What kind of personal data a field holds; names of accounts and products are none. */
export function classifyPrivacy(
  object: string,
  name: string,
  type: string,
): PrivacyClass | undefined {
  if (type === "text" && directNames.some((pattern) => pattern.test(name))) {
    // In an accounting or product object these are names of things.
    return /^(Accounting|Product|Journal)/.test(object) ? undefined : "direct";
  }
  if (type === "text" && freeTextNames.test(name)) return "free-text";
  if (type !== "boolean" && indirectNames.some((pattern) => pattern.test(name))) return "indirect";
  return undefined;
}
