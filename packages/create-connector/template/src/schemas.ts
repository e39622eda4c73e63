/**
 * What Acme's records look like. Whatever is not declared here never leaves the tap. `x-privacy` says what kind of
 * personal data a field holds: direct (becomes a pseudonym), indirect (kept) or free-text (dropped), unless the
 * setting `privacy` says otherwise.
 */
import type { JsonSchema } from "@bizops/singer";

const text = { type: ["null", "string"] } as const;
const time = { ...text, format: "date-time" } as const;

export const schemas: { readonly [stream: string]: JsonSchema } = {
  customers: {
    type: "object",
    properties: {
      id: { type: "integer" },
      name: text,
      email: { ...text, "x-privacy": "direct" },
      notes: { ...text, "x-privacy": "free-text" },
      plan_id: text,
      updated_at: time,
    },
  },
  plans: {
    type: "object",
    properties: { id: { type: "string" }, name: text, price: { type: ["null", "number"] } },
  },
};
