/** Product, ProductRatePlan and ProductRatePlanCharge. */
import type { Product } from "../../world/billing/products.ts";
import { startOfDay } from "../../world/calendar.ts";
import { zuoraId } from "../record-id.ts";
import { auditFields, date, defineZObject, join, picklist, text } from "../zobject.ts";

const FIRST_DAY = startOfDay(0);
/** The vendor's way of saying never. */
const LAST_DAY = Date.UTC(2099, 11, 31);

export const product = defineZObject<Product>({
  name: "Product",
  label: "Product",
  table: (world) => world.billing("products"),
  fields: [
    text("Id", (row) => zuoraId("Product", row.key), { required: true }),
    text("Name", (row) => row.name, { required: true }),
    text("SKU", (row) => row.sku),
    text("Description", () => 'Our "best",\nby far'),
    date("EffectiveStartDate", () => FIRST_DAY),
    date("EffectiveEndDate", () => LAST_DAY),
    ...auditFields<Product>(),
  ],
});

export const productRatePlan = defineZObject<Product>({
  name: "ProductRatePlan",
  label: "Product Rate Plan",
  table: (world) => world.billing("products"),
  joins: [join("Product", (row) => zuoraId("Product", row.key))],
  fields: [
    text("Id", (row) => zuoraId("ProductRatePlan", row.key), { required: true }),
    text("Name", (row) => `${row.name}, yearly`, { required: true }),
    text("Description", () => null),
    date("EffectiveStartDate", () => FIRST_DAY),
    date("EffectiveEndDate", () => LAST_DAY),
    ...auditFields<Product>(),
  ],
});

export const productRatePlanCharge = defineZObject<Product>({
  name: "ProductRatePlanCharge",
  label: "Product Rate Plan Charge",
  table: (world) => world.billing("productCharges"),
  joins: [join("ProductRatePlan", (row) => zuoraId("ProductRatePlan", Math.floor(row.key / 2)))],
  fields: [
    text("Id", (row) => zuoraId("ProductRatePlanCharge", row.key), { required: true }),
    text("Name", (row) => (row.key % 2 === 0 ? `${row.name} fee` : "Setting up")),
    picklist("ChargeType", (row) => (row.key % 2 === 0 ? "Recurring" : "OneTime")),
    picklist("ChargeModel", () => "Flat Fee Pricing"),
    ...auditFields<Product>(),
  ],
});
