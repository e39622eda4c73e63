/** A lead's field or an activity's attribute as Marketo describes it -> JSON Schema, privacy class, reading of its values. Pure. */
import {
  ContractError,
  isLosslessNumber,
  type JsonSchema,
  type JsonValue,
  type PrivacyClass,
  parseJson,
  renderJson,
} from "@bizops/singer";

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/fields/field-types */
const schemaOfType: { readonly [dataType: string]: JsonSchema } = {
  integer: { type: ["null", "integer"] },
  score: { type: ["null", "integer"] },
  percent: { type: ["null", "number"] },
  float: { type: ["null", "number"] },
  currency: { type: ["null", "number"] },
  boolean: { type: ["null", "boolean"] },
  date: { type: ["null", "string"], format: "date" },
  datetime: { type: ["null", "string"], format: "date-time" },
  array: { type: ["null", "array"], items: {} },
};
const text: JsonSchema = { type: ["null", "string"] };

/** Types in which people can write what they like. */
export function isTextType(dataType: string): boolean {
  return schemaOfType[dataType] === undefined;
}

/** @param name of a lead's field (`firstName`), or of an attribute (`client_ip_address`) */
export function planField(name: string, dataType: string, description: string): JsonSchema {
  const privacyClass = classifyPrivacy(name, dataType);
  return {
    ...(schemaOfType[dataType] ?? text),
    description,
    ...(privacyClass !== undefined && { "x-privacy": privacyClass }),
  };
}

const direct = [
  /e_?mail(_?address)?$/i,
  /^(first|middle|last|full|maiden|nick)_?name$/i,
  /(phone|fax|mobile)(_?number)?$/i,
  /(^|_|[a-z])(street|address)(_?line)?\d?$/i,
  /(^|_)ip(_address)?$|IP(Address)?$/,
  /^(facebook|twitter|linked_?in|syndication|google)/i,
  /cookie/i,
];
const indirect = [
  /(city|state|postal_?code|country|latitude|longitude)$/i,
  /birth/i,
  /^(title|salutation|gender|department|user_agent)$/i,
];
const freeText =
  /(description|comments?|notes?|message|form_fields|query_parameters|search_query|(new|old)_value|subject)$/i;

/** What kind of personal data a value holds; pages and assets are none, without their query strings. */
export function classifyPrivacy(name: string, dataType: string): PrivacyClass | undefined {
  if (dataType === "email" || dataType === "phone") return "direct";
  if (!isTextType(dataType)) return /birth/i.test(name) ? "indirect" : undefined;
  if (direct.some((pattern) => pattern.test(name))) return "direct";
  if (dataType === "textarea" || dataType === "text" || freeText.test(name)) return "free-text";
  return indirect.some((pattern) => pattern.test(name)) ? "indirect" : undefined;
}

/** Reads what Marketo gives, text or JSON, into what the schema says. */
export type ReadValue = (value: JsonValue) => JsonValue;

/**
 * @param where stream and field, for messages
 * @returns a reader that throws ContractError, without the value, on what does not fit
 */
export function createReader(where: string, name: string, dataType: string): ReadValue {
  const refuse = (): never => {
    throw new ContractError(`${where} is not of type ${dataType}, as Marketo describes it`);
  };
  const read = readerOf(name, dataType, refuse);
  return (value) =>
    value === null || (value === "" && !isTextType(dataType)) ? null : read(value);
}

function readerOf(name: string, dataType: string, refuse: () => never): ReadValue {
  switch (dataType) {
    case "integer":
    case "score":
      return (value) => readNumber(value, /^-?(0|[1-9]\d*)$/) ?? refuse();
    case "percent":
    case "float":
    case "currency":
      return (value) => readNumber(value, /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/) ?? refuse();
    case "boolean":
      return (value) => readBoolean(value) ?? refuse();
    case "array":
      return (value) => (Array.isArray(value) ? value : refuse());
    case "date":
      return (value) => String(value).slice(0, 10);
    case "datetime":
      return (value) => toUtc(String(value));
    default: {
      const cut = dataType === "url" || /(^|_|[a-z])(url|link|referrer)$/i.test(name);
      return (value) => {
        const read = typeof value === "string" ? value : renderJson(value);
        return cut ? cutQuery(read) : read;
      };
    }
  }
}

function readNumber(value: JsonValue, pattern: RegExp): JsonValue | undefined {
  if (typeof value === "number" || isLosslessNumber(value)) return value;
  return typeof value === "string" && pattern.test(value) ? parseJson(value) : undefined;
}

function readBoolean(value: JsonValue): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (/^(true|1)$/i.test(String(value))) return true;
  return /^(false|0)$/i.test(String(value)) ? false : undefined;
}

/** A page without what was asked of it: query strings hold tokens and addresses. */
export function cutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

/** Assets spell the zone twice: `2013-02-19T23:25:30Z+0000`. */
export function toUtc(time: string): string {
  return time.replace(/Z\+0000$/, "Z").replace(/\+0000$/, "Z");
}
