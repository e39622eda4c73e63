/** tap-acme: the source as data. */
import { readFileSync } from "node:fs";
import { bearerAuth, cursorPages, defineRestTap } from "@bizops/tap-kit-rest";
import { schemas } from "./schemas.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };

export const tap = defineRestTap({
  name: "tap-acme",
  version,
  description: "Singer tap for Acme.",
  doc: "https://acme.example/docs",
  settings: {
    type: "object",
    required: ["api_key"],
    properties: {
      base_url: {
        type: "string",
        default: "https://api.acme.example/v1",
        description: "Where Acme's API is.",
      },
      api_key: { type: "string", "x-secret": true, description: "Key of Acme's API." },
    },
  },
  http: {
    baseUrl: (config) => String(config.base_url),
    auth: (config) => bearerAuth(String(config.api_key)),
    rateLimit: { requests: 10, perSeconds: 1 },
  },
  defaults: { records: "data", key: ["id"] },
  schemas,
  streams: {
    // Read from where the last run ended.
    customers: {
      path: "/customers",
      pages: cursorPages({ nextFrom: "next", into: "cursor" }),
      replication: { key: "updated_at", sendAs: "updated_since", order: "ascending" },
    },
    // Read whole each time.
    plans: { path: "/plans" },
  },
});
