/** The models dbt builds and their columns: out of dbt's manifest, or of the models' own documentation. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { JsonObject } from "@bizops/singer";
import { parse } from "yaml";
import { listIn, objectsIn } from "./asset.ts";

/** A documented column. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

/** Columns by model. */
export type Models = ReadonlyMap<string, readonly Column[]>;

/** dbt's manifest, where `bizops transform` leaves it, else the documentation of `@bizops/dbt`. */
export function readModels(manifest: string): Models {
  return existsSync(manifest) ? readManifest(manifest) : readDocumentation();
}

function readManifest(path: string): Models {
  const { nodes } = JSON.parse(readFileSync(path, "utf8")) as { nodes: JsonObject };
  const models = objectsIn(nodes).filter(({ resource_type }) => resource_type === "model");
  return new Map(
    models.map(({ name, columns }) => [String(name), objectsIn(columns).map(toColumn)]),
  );
}

function readDocumentation(): Models {
  const project = dirname(createRequire(import.meta.url).resolve("@bizops/dbt/package.json"));
  const folder = join(project, "models");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const models = files
    .filter((name) => name.endsWith(".yml"))
    .flatMap((name) => listIn(parse(readFileSync(join(folder, name), "utf8"))?.models));
  return new Map(models.map(({ name, columns }) => [String(name), listIn(columns).map(toColumn)]));
}

function toColumn({ name, data_type, description }: JsonObject): Column {
  return {
    name: String(name),
    type: String(data_type ?? "text"),
    description: String(description ?? "").trim(),
  };
}
