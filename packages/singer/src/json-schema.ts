/** The part of JSON Schema that Singer streams use, plus the one keyword of ours. */

/** What kind of personal data a property holds; the privacy policy says what happens to each class. */
export type PrivacyClass = "direct" | "indirect" | "free-text";

/** A JSON Schema as SCHEMA messages and catalogs carry it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: { readonly [property: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly "x-privacy"?: PrivacyClass;
  readonly [keyword: string]: unknown;
}
