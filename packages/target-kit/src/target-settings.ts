/** The settings every target has, beside its own. */
import type { SettingsSchema } from "@bizops/connector-kit";
import { defaultMaxLineBytes } from "@bizops/singer";

const shared: SettingsSchema["properties"] = {
  validate_records: {
    type: "boolean",
    default: true,
    description: "Check each record against its stream's JSON Schema.",
  },
  max_rejected: {
    type: "integer",
    minimum: 0,
    default: 0,
    description:
      "How many bad rows a run may set aside; one more ends it with exit code 5. They are kept either way.",
  },
  batch_size_rows: {
    type: "integer",
    minimum: 1,
    default: 250_000,
    description: "Load after this many rows.",
  },
  batch_size_bytes: {
    type: "integer",
    minimum: 1,
    default: 16 * 1024 * 1024,
    description: "Load after this many bytes of input.",
  },
  batch_wait_seconds: {
    type: "number",
    exclusiveMinimum: 0,
    default: 30,
    description: "Load after this many seconds, however little has come.",
  },
  max_line_bytes: {
    type: "integer",
    minimum: 1024,
    default: defaultMaxLineBytes,
    description: "The longest line accepted.",
  },
};

/** A target's settings with the shared ones added. */
export function withSharedSettings(own: SettingsSchema): SettingsSchema {
  return { ...own, properties: { ...own.properties, ...shared } };
}
