/** target-postgres as a value. */
import { createRequire } from "node:module";
import type { Target } from "@bizops/target-kit";
import { openWarehouse } from "./postgres-warehouse.ts";
import { settings } from "./settings.ts";

const { version, description } = createRequire(import.meta.url)("../package.json");

export const target: Target = {
  name: "target-postgres",
  version,
  description,
  capabilities: [
    "about",
    "activate-version",
    "batch",
    "soft-delete",
    "hard-delete",
    "state-id",
    "target-schema",
    "validate-records",
  ],
  settings,
  connect: ({ settings: values, log }) => openWarehouse(values, log),
};
