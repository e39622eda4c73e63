/** The privacy stage: what happens to each property before anything is written, and to its schema. */
import { createHmac } from "node:crypto";
import {
  ConfigError,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  type PrivacyClass,
  renderJson,
} from "@bizops/singer";

const verbs = ["keep", "drop", "pseudonymise", "mask", "year-only"] as const;
const classes: readonly PrivacyClass[] = ["direct", "indirect", "free-text"];

/** What is done to a value. */
export type PrivacyVerb = (typeof verbs)[number];

/** A verb for each class and, stronger, for single fields (`"Stream.Field"`). */
export type PrivacyPolicy = { readonly [C in PrivacyClass]: PrivacyVerb } & {
  readonly fields: { readonly [streamAndField: string]: PrivacyVerb };
};

/** What holds where the policy is silent. */
export const defaultPrivacyPolicy: PrivacyPolicy = {
  direct: "pseudonymise",
  indirect: "keep",
  "free-text": "drop",
  fields: {},
};

/**
 * Fills a policy's gaps with the defaults.
 * @throws ConfigError on an unknown class or verb
 */
export function parsePrivacyPolicy(value: JsonObject): PrivacyPolicy {
  const fields = (value.fields ?? {}) as JsonObject;
  for (const name of Object.keys(value)) {
    if (name !== "fields" && !classes.includes(name as PrivacyClass)) {
      throw new ConfigError(`privacy: "${name}" is neither ${classes.join(", ")} nor fields`);
    }
  }
  const { fields: _, ...byClass } = value;
  for (const [name, verb] of [...Object.entries(byClass), ...Object.entries(fields)]) {
    parseVerb(`privacy: ${name}`, verb);
  }
  return { ...defaultPrivacyPolicy, ...value, fields } as PrivacyPolicy;
}

/** One property's fate. */
export interface FieldPrivacy {
  readonly verb: PrivacyVerb;
  readonly schema: JsonSchema;
  /** Undefined: the value passes as it is. */
  readonly transform?: (value: JsonValue) => JsonValue;
}

/** What is known of the property whose fate is decided. */
export interface FieldFacts {
  readonly stream: string;
  readonly field: string;
  readonly schema: JsonSchema;
  /** The catalog's word on this field. */
  readonly catalogVerb?: string;
  readonly isKey: boolean;
  readonly isReplicationKey: boolean;
}

/**
 * Decides one property. Precedence: the policy's `fields`, the catalog's `privacy`, the class. Fails
 * closed: nothing that ought to be changed passes because a setting is missing.
 * @throws ConfigError if a pseudonym is due and there is no key, if a key would become useless, or if a
 *   replication key would have to change
 */
export function decidePrivacy(
  facts: FieldFacts,
  policy: PrivacyPolicy,
  pseudonymKey: string | undefined,
): FieldPrivacy {
  const { stream, field, schema } = facts;
  const name = `${stream}.${field}`;
  const privacyClass = schema["x-privacy"];
  if (privacyClass !== undefined && !classes.includes(privacyClass)) {
    throw new ConfigError(`${name}: unknown privacy class in its schema`);
  }
  const verb =
    policy.fields[name] ??
    (facts.catalogVerb === undefined
      ? undefined
      : parseVerb(`catalog: privacy of ${name}`, facts.catalogVerb)) ??
    (privacyClass === undefined ? "keep" : policy[privacyClass]);

  if (verb !== "keep" && facts.isReplicationKey) {
    throw new ConfigError(`${name} is a replication key and cannot be under privacy verb ${verb}`);
  }
  if (facts.isKey && verb !== "keep" && verb !== "pseudonymise") {
    throw new ConfigError(`${name} is a key: it can be kept or pseudonymised, not ${verb}`);
  }
  switch (verb) {
    case "keep":
    case "drop":
      return { verb, schema };
    case "pseudonymise":
      if (pseudonymKey === undefined || pseudonymKey === "") {
        throw new ConfigError(
          `${name} must be pseudonymised and there is no key: set BIZOPS_PSEUDONYM_KEY, deselect the field, or give it another privacy verb`,
        );
      }
      return {
        verb,
        schema: nullableString(schema),
        transform: (value) => pseudonymise(value, pseudonymKey),
      };
    case "mask":
      return { verb, schema: nullableString(schema), transform: mask };
    case "year-only":
      return { verb, schema: nullableDate(schema), transform: keepYear };
  }
}

/**
 * The pseudonym of a value: lower-case hex of HMAC-SHA-256 over the normalised value (trim, lower case,
 * NFC, UTF-8). Null and blank stay as they are and so match nobody.
 */
export function pseudonymise(value: JsonValue, key: string): JsonValue {
  if (isBlank(value)) return value;
  const text = typeof value === "string" ? value : renderJson(value);
  const normalised = text.trim().toLowerCase().normalize("NFC");
  return createHmac("sha256", key).update(normalised, "utf8").digest("hex");
}

function mask(value: JsonValue): JsonValue {
  return isBlank(value) ? value : "***";
}

/** 1 January of the value's year; what does not start with a year becomes null. */
function keepYear(value: JsonValue): JsonValue {
  const year = typeof value === "string" ? /^\s*(\d{4})-/.exec(value)?.[1] : undefined;
  return year === undefined ? null : `${year}-01-01`;
}

function isBlank(value: JsonValue): boolean {
  return value === null || (typeof value === "string" && value.trim() === "");
}

function nullableString({ description }: JsonSchema): JsonSchema {
  return { type: ["null", "string"], ...(description !== undefined && { description }) };
}

function nullableDate(schema: JsonSchema): JsonSchema {
  return { ...nullableString(schema), format: "date" };
}

function parseVerb(where: string, verb: unknown): PrivacyVerb {
  if (verbs.includes(verb as PrivacyVerb)) return verb as PrivacyVerb;
  throw new ConfigError(`${where} must be one of ${verbs.join(", ")}`);
}
