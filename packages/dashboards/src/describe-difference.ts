/** Differences in words and as lines, for people. */
import { createTwoFilesPatch } from "diff";
import { describeAsset } from "./asset.ts";
import type { Difference } from "./compare.ts";
import { renderAsset } from "./folder.ts";

/** One line: what, and what happened to it where. */
export function describeDifference({ folder, superset, changedIn }: Difference): string {
  const what = describeAsset((folder ?? superset)!);
  if (changedIn === "both") {
    if (folder === undefined) return `${what}: deleted in the folder, changed in Superset`;
    if (superset === undefined) return `${what}: deleted in Superset, changed in the folder`;
    return `${what}: changed on both sides`;
  }
  const [here, there] = changedIn === "folder" ? [folder, superset] : [superset, folder];
  const place = changedIn === "folder" ? "the folder" : "Superset";
  if (there === undefined) return `${what}: new in ${place}`;
  return `${what}: ${here === undefined ? "deleted" : "changed"} in ${place}`;
}

/** The lines that differ, from the folder to Superset, as `diff -u` shows them. */
export function renderPatch({ folder, superset }: Difference): string {
  const asset = (folder ?? superset)!;
  const name = `${asset.kind}/${asset.file}.yaml`;
  return createTwoFilesPatch(
    folder === undefined ? "/dev/null" : `folder/${name}`,
    superset === undefined ? "/dev/null" : `superset/${name}`,
    folder === undefined ? "" : renderAsset(folder),
    superset === undefined ? "" : renderAsset(superset),
    undefined,
    undefined,
    { context: 2 },
  ).replace(/^=+\n/, "");
}
