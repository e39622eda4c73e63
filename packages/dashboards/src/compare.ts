/** Three sides of each asset: the folder, Superset, and what both held when they last agreed. Pure. */
import type { Asset } from "./asset.ts";
import { hashOf } from "./folder.ts";

/** Hashes of the assets both sides had when they last agreed, by uuid. */
export type Agreement = { readonly [uuid: string]: string };

/** An asset that is not the same on both sides; undefined: it is not there. */
export interface Difference {
  readonly uuid: string;
  readonly folder: Asset | undefined;
  readonly superset: Asset | undefined;
  /** Who changed it since the last agreement; without one, both may have. */
  readonly changedIn: "folder" | "superset" | "both";
}

/** Sorted by kind and title. */
export function compare(
  folder: readonly Asset[],
  superset: readonly Asset[],
  agreement: Agreement,
): Difference[] {
  const ours = byUuid(folder);
  const theirs = byUuid(superset);
  const uuids = [...new Set([...ours.keys(), ...theirs.keys()])];
  return uuids
    .flatMap((uuid): Difference[] => {
      const [mine, other] = [ours.get(uuid), theirs.get(uuid)];
      const [here, there] = [mine && hashOf(mine), other && hashOf(other)];
      if (here === there) return [];
      const base = agreement[uuid];
      const changedIn = base === here ? "superset" : base === there ? "folder" : "both";
      return [{ uuid, folder: mine, superset: other, changedIn }];
    })
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** What is to be remembered once both sides hold these. */
export function agreeOn(assets: readonly Asset[]): Agreement {
  return Object.fromEntries(assets.map((asset) => [asset.uuid, hashOf(asset)]));
}

function byUuid(assets: readonly Asset[]): Map<string, Asset> {
  return new Map(assets.map((asset) => [asset.uuid, asset]));
}

function placeOf({ folder, superset }: Difference): string {
  const asset = (folder ?? superset)!;
  return `${asset.kind}/${asset.file}`;
}
