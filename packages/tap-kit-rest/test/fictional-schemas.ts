/** The schemas of the fictional tap; a real one keeps them as JSON files. */
const id = { type: "string" };
const text = { type: ["null", "string"] };
const time = { type: ["null", "integer"] };

export const schemas = {
  orders: { properties: { id, updated: time, email: { ...text, "x-privacy": "direct" } } },
  lines: { properties: { id, order_id: id, order_updated: time, price: { type: "number" } } },
  products: { properties: { id, name: text } },
  reviews: { properties: { id, product_id: id, stars: { type: "integer" } } },
  stores: { properties: { id, name: text } },
  events: { properties: { id, at: { type: "string", format: "date-time" } } },
} as const;
