/** The folder `dashboards/`: one YAML file an asset, named after its title. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { asWriteError, ConfigError, ContractError, type JsonObject } from "@bizops/singer";
import { parseDocument, stringify } from "yaml";
import { type Asset, kinds } from "./asset.ts";

/** The folder asked for, or where it is not there the dashboards that come with BizOps. */
export function sourceFolder(folder: string): string {
  return existsSync(folder) ? folder : shippedFolder();
}

/** The folder asked for; begun as a copy of the dashboards that come with BizOps. @throws ConfigError */
export function ensureFolder(folder: string): string {
  if (existsSync(folder)) return folder;
  for (const kind of kinds)
    cpSync(join(shippedFolder(), kind), join(folder, kind), { recursive: true });
  return folder;
}

/** @throws ContractError naming the file and line that is not an asset, ConfigError if the folder holds none */
export function readFolder(folder: string): Asset[] {
  const assets = kinds.flatMap((kind) =>
    filesIn(join(folder, kind)).map((name): Asset => {
      const path = join(folder, kind, name);
      const content = readYaml(path);
      if (typeof content.uuid !== "string") throw new ContractError(`${path} has no uuid`);
      return { kind, uuid: content.uuid, file: name.replace(/\.yaml$/, ""), content };
    }),
  );
  if (assets.length === 0) throw new ConfigError(`there are no dashboards in ${folder}`);
  const seen = new Map<string, Asset>();
  for (const asset of assets) {
    const twin = seen.get(asset.uuid);
    if (twin !== undefined) {
      throw new ContractError(
        `${twin.file}.yaml and ${asset.file}.yaml have the same uuid; a copy needs one of its own`,
      );
    }
    seen.set(asset.uuid, asset);
  }
  return assets.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
}

/** Writes or removes one file. @throws ConfigError or UnavailableError if it cannot */
export function writeAsset(folder: string, asset: Asset): void {
  const path = fileOf(folder, asset);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, renderAsset(asset));
  } catch (cause) {
    throw asWriteError(cause, path);
  }
}

export function removeAsset(folder: string, asset: Asset): void {
  rmSync(fileOf(folder, asset), { force: true });
}

export function fileOf(folder: string, { kind, file }: Asset): string {
  return join(folder, kind, `${file}.yaml`);
}

/** The file's text. */
export function renderAsset({ content }: Asset): string {
  return stringify(content, { lineWidth: 110, sortMapEntries: true });
}

/** The same for the same content, whatever the file is called. */
export function hashOf(asset: Asset): string {
  return createHash("sha256").update(renderAsset(asset)).digest("hex").slice(0, 16);
}

function shippedFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@bizops/dashboard-assets/package.json"));
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];
}

function readYaml(path: string): JsonObject {
  const document = parseDocument(readFileSync(path, "utf8"));
  const [error] = document.errors;
  if (error)
    throw new ContractError(`${path}:${error.linePos?.[0].line}: not valid YAML (${error.code})`);
  const content = document.toJS();
  if (typeof content !== "object" || content === null) throw new ContractError(`${path} is empty`);
  return content as JsonObject;
}
