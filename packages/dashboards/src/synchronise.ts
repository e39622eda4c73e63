/** push, pull and diff: the folder and Superset brought together, never over a change of the other side. */
import { writeFileSync } from "node:fs";
import { asWriteError, ContractError } from "@bizops/singer";
import { pack } from "./archive.ts";
import { type Asset, closureOf, kinds, titleOf } from "./asset.ts";
import { type Agreement, agreeOn, compare, type Difference } from "./compare.ts";
import { describeDifference } from "./describe-difference.ts";
import { renderExposures } from "./exposures.ts";
import { ensureFolder, readFolder, removeAsset, sourceFolder, writeAsset } from "./folder.ts";
import { lint } from "./lint.ts";
import { type Models, readModels } from "./models.ts";
import { normalise } from "./normalise.ts";
import type { Superset } from "./superset-client.ts";
import type { Warehouse } from "./warehouse.ts";

/** The two sides. */
export interface Sides {
  readonly folder: string;
  readonly superset: Superset;
  /** Schema of the reports; more of the warehouse is needed to push only. */
  readonly schema: string;
}

/** Both sides as they are now. */
interface Comparison {
  readonly assets: readonly Asset[];
  readonly agreement: Agreement;
  readonly differences: readonly Difference[];
}

export interface PushRequest extends Sides {
  readonly warehouse: Warehouse;
  /** dbt's manifest, if there is one. */
  readonly manifest: string;
  /** Take the folder's side where Superset was changed, too. */
  readonly overwrite: boolean;
  /** Where to write dbt's exposures. */
  readonly exposures?: string | undefined;
}

/** What differs now, by the folder's dashboards and those they were pushed with. */
export async function diff(sides: Sides): Promise<readonly Difference[]> {
  return (await look(sides, readFolder(sourceFolder(sides.folder)), [])).differences;
}

/**
 * Brings Superset to what the folder holds, and looks whether it is so.
 * @returns what was different
 * @throws ContractError for mistakes in the files and for changes in Superset that would be lost
 */
export async function push(request: PushRequest): Promise<readonly Difference[]> {
  const { superset, overwrite, warehouse } = request;
  const assets = readFolder(sourceFolder(request.folder));
  const models = readModels(request.manifest);
  refuseMistakes(assets, models);
  const { agreement, differences } = await look(request, assets, []);
  const theirs = differences.filter(({ changedIn }) => changedIn !== "folder");
  if (theirs.length > 0 && !overwrite) {
    throw conflict(
      theirs,
      "nothing was pushed",
      "bizops dashboards pull first, or push --overwrite",
    );
  }
  if (differences.length > 0) {
    await superset.importAssets(pack(assets, warehouse));
    const gone = differences.filter(({ folder }) => folder === undefined);
    for (const kind of [...kinds].reverse()) {
      for (const { superset: asset } of gone) {
        if (asset?.kind === kind && isOurs(asset, agreement)) {
          await superset.deleteAsset(kind, asset.uuid);
        }
      }
    }
    const after = await look(request, assets, []);
    if (after.differences.length > 0) {
      throw conflict(
        after.differences,
        "Superset took the push but holds something else",
        "report this with bizops dashboards diff",
      );
    }
  }
  const record = JSON.stringify(agreeOn(assets));
  if (record !== JSON.stringify(agreement)) await superset.writeRecord(record);
  if (request.exposures !== undefined) {
    write(request.exposures, renderExposures(assets, models, superset.url));
  }
  return differences;
}

/**
 * Brings the folder to what Superset holds; the folder's own changes stay.
 * @param titles of dashboards that are in Superset only and shall be taken along
 * @returns what was written
 * @throws ContractError where both sides were changed
 */
export async function pull(
  sides: Sides,
  titles: readonly string[],
  overwrite: boolean,
): Promise<readonly Difference[]> {
  const before = readFolder(sourceFolder(sides.folder));
  const { assets, agreement, differences } = await look(sides, before, titles);
  const both = differences.filter(({ changedIn }) => changedIn === "both");
  if (both.length > 0 && !overwrite) {
    throw conflict(
      both,
      "nothing was written",
      "make one side like the other, or pull --overwrite to take Superset's",
    );
  }
  const wanted = differences.filter(({ changedIn }) => changedIn !== "folder");
  const folder = wanted.length > 0 ? ensureFolder(sides.folder) : sides.folder;
  for (const { folder: ours, superset: theirs } of wanted) {
    if (theirs !== undefined)
      writeAsset(folder, { ...theirs, file: ours?.file ?? freeName(theirs, before) });
    else if (ours !== undefined) removeAsset(folder, ours);
  }
  const kept = new Set(
    differences.filter((each) => !wanted.includes(each)).map(({ uuid }) => uuid),
  );
  const untouched = Object.entries(agreement).filter(([uuid]) => kept.has(uuid));
  const agreed = agreeOn(assets.filter(({ uuid }) => !kept.has(uuid)));
  const record = JSON.stringify({ ...agreed, ...Object.fromEntries(untouched) });
  if (record !== JSON.stringify(agreement)) await sides.superset.writeRecord(record);
  return wanted;
}

/** Superset's part is what the folder has or had, and the named dashboards; other people's dashboards are not ours. */
async function look(
  { superset, schema }: Sides,
  ours: readonly Asset[],
  titles: readonly string[],
): Promise<Comparison> {
  const agreement = JSON.parse((await superset.readRecord()) ?? "{}") as Agreement;
  const all = normalise(await superset.exportAssets(), schema);
  const named = all.filter(
    (asset) => asset.kind === "dashboards" && titles.includes(titleOf(asset)),
  );
  const missing = titles.filter((title) => !named.some((asset) => titleOf(asset) === title));
  if (missing.length > 0) {
    throw new ContractError(`Superset has no dashboard "${missing.join('", "')}"`);
  }
  const roots = [...ours, ...named].map(({ uuid }) => uuid);
  const assets = closureOf(all, new Set([...roots, ...Object.keys(agreement)]));
  return { assets, agreement, differences: compare(ours, assets, agreement) };
}

function refuseMistakes(assets: readonly Asset[], models: Models): void {
  const mistakes = lint(assets, models);
  if (mistakes.length === 0) return;
  throw new ContractError(`nothing was pushed: ${mistakes.join("; ")}`);
}

function conflict(
  differences: readonly Difference[],
  outcome: string,
  advice: string,
): ContractError {
  return new ContractError(
    `${outcome}: ${differences.map(describeDifference).join("; ")}. ${advice}`,
  );
}

/** Deleted in the folder means: it was there once. */
function isOurs({ uuid }: Asset, agreement: Agreement): boolean {
  return agreement[uuid] !== undefined;
}

function freeName({ kind, file, uuid }: Asset, taken: readonly Asset[]): string {
  const isTaken = taken.some((asset) => asset.kind === kind && asset.file === file);
  return isTaken ? `${file}-${uuid.slice(0, 8)}` : file;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw asWriteError(cause, path);
  }
}
