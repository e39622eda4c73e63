/** The settings every tap has, beside its own. */
import type { SettingsSchema } from "@bizops/connector-kit";

const shared: SettingsSchema["properties"] = {
  start_date: {
    type: "string",
    format: "date-time",
    description: "RFC 3339. A first run of an incremental stream reads nothing older.",
  },
  end_date: {
    type: "string",
    format: "date-time",
    description: "RFC 3339, exclusive. Rows changed from there on are left for a later run.",
  },
  user_agent: {
    type: "string",
    description: "Sent with every request, so that the vendor knows whom to ask.",
  },
  request_timeout: {
    type: "number",
    exclusiveMinimum: 0,
    default: 300,
    description: "Seconds a single request may take.",
  },
  max_retries: {
    type: "integer",
    minimum: 0,
    default: 6,
    description: "How often a request is tried again after 429, 5xx or a lost connection.",
  },
  privacy: {
    type: ["object", "string"],
    default: {},
    description:
      "Privacy policy, or the path of a JSON file with one: a verb (keep, drop, pseudonymise, mask, year-only) for each class (direct, indirect, free-text) and, under fields, for single Stream.Field.",
  },
  pseudonym_key: {
    type: "string",
    minLength: 1,
    "x-secret": true,
    "x-environment-only": true,
    "x-env": ["BIZOPS_PSEUDONYM_KEY"],
    description: "Key of the pseudonyms (HMAC-SHA-256). The same key gives joinable pseudonyms.",
  },
};

/** A tap's settings with the shared ones added; where both name one, the tap's description wins. */
export function withSharedSettings(own: SettingsSchema): SettingsSchema {
  return { ...own, properties: { ...own.properties, ...without(shared, own.properties) } };
}

function without<T extends object>(from: T, names: object): T {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !(name in names))) as T;
}
