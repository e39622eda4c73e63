/** Shop: a source nobody has, with each kind of stream a REST source may have. */
import {
  bearerAuth,
  cursorPages,
  defineRestTap,
  epochMillis,
  pageNumberPages,
} from "../src/index.ts";
import { schemas } from "./fictional-schemas.ts";

export const tap = defineRestTap({
  name: "tap-shop",
  version: "1.0.0",
  description: "Singer tap for Shop.",
  doc: "https://shop.example/docs",
  settings: {
    type: "object",
    required: ["base_url", "api_key"],
    properties: {
      base_url: { type: "string", description: "Where the shop is." },
      api_key: { type: "string", "x-secret": true, description: "Key of the shop's API." },
      region: { type: "string", default: "eu", description: "Which of the shop's stores." },
    },
  },
  http: {
    baseUrl: (config) => String(config.base_url),
    auth: (config) => bearerAuth(String(config.api_key)),
    rateLimit: { requests: 1000, perSeconds: 1 },
  },
  defaults: { records: "data", key: ["id"], params: { region: "{config.region}" } },
  schemas,
  streams: {
    orders: {
      path: "/orders",
      pages: cursorPages({ nextFrom: "meta.next", into: "cursor" }),
      replication: { key: "updated", sendAs: "since", format: epochMillis, order: "ascending" },
    },
    lines: {
      path: "/orders/{parent.id}/lines",
      parent: "orders",
      visits: "parents-in-this-run",
      carry: { order_id: "parent.id", order_updated: "parent.updated" },
    },
    products: {
      path: "/products",
      pages: pageNumberPages({ into: "page", sizeInto: "size", size: 2 }),
    },
    reviews: {
      path: "/products/{parent.id}/reviews",
      parent: "products",
      visits: "all-parents",
      carry: { product_id: "parent.id" },
    },
    stores: { path: "/stores", map: (row) => ({ ...row, name: String(row.name).trim() }) },
    events: { path: "/events", replication: { key: "at", order: "any", overlapSeconds: 60 } },
  },
});
