/** Superset's bundles: a zip with one YAML file an asset. */
import type { JsonObject } from "@bizops/singer";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { parse, stringify } from "yaml";
import { type Asset, type Kind, kinds } from "./asset.ts";
import { complete } from "./complete.ts";
import type { ExportedFile } from "./normalise.ts";
import type { Warehouse } from "./warehouse.ts";

/** Superset reads and writes YAML 1.1, where `no` and a bare time are not texts. */
const pythonYaml = { version: "1.1" } as const;

/** A bundle to be imported. */
export interface Bundle {
  readonly zip: Uint8Array;
  /** Passwords of databases by the names of their files, as the import wants them. */
  readonly passwords: { readonly [file: string]: string };
}

/** The assets of an export of everything; other things in it are passed by. */
export function unpack(zip: Uint8Array): ExportedFile[] {
  return Object.entries(unzipSync(zip)).flatMap(([path, bytes]) => {
    const [, folder] = path.split("/");
    const kind = kinds.find((each) => each === folder);
    if (kind === undefined || !path.endsWith(".yaml")) return [];
    return [{ kind, content: parse(strFromU8(bytes), pythonYaml) as JsonObject }];
  });
}

/** All assets as one bundle. */
export function pack(assets: readonly Asset[], warehouse: Warehouse): Bundle {
  const databases = new Map(
    assets.filter(({ kind }) => kind === "databases").map(({ uuid, file }) => [uuid, file]),
  );
  const pathOf = ({ kind, file, content }: Asset) =>
    kind === "datasets"
      ? `datasets/${databases.get(String(content.database_uuid))}/${file}.yaml`
      : `${kind satisfies Kind}/${file}.yaml`;
  const metadata = { version: "1.0.0", type: "assets", timestamp: new Date().toISOString() };
  const files = [
    ["metadata.yaml", metadata] as const,
    ...assets.map((asset) => [pathOf(asset), complete(asset, warehouse)] as const),
  ];
  const entries = files.map(([path, content]) => [
    `bundle/${path}`,
    strToU8(stringify(content, pythonYaml)),
  ]);
  const passwords = [...databases.values()].map((file) => [
    `databases/${file}.yaml`,
    warehouse.password,
  ]);
  return {
    zip: zipSync(Object.fromEntries(entries)),
    passwords: Object.fromEntries(passwords),
  };
}
