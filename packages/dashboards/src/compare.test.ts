import type { Asset } from "./asset.ts";
import { agreeOn, compare } from "./compare.ts";

const chart = (name: string): Asset => ({
  kind: "charts",
  uuid: "1",
  file: "chart",
  content: { slice_name: name, uuid: "1" },
});

test.each([
  ["the same on both sides", "a", "a", "a", undefined],
  ["the same on both sides, whatever was agreed", "b", "b", "a", undefined],
  ["changed in the folder", "b", "a", "a", "folder"],
  ["changed in Superset", "a", "b", "a", "superset"],
  ["changed on both sides", "b", "c", "a", "both"],
  ["new in the folder", "a", undefined, undefined, "folder"],
  ["new in Superset", undefined, "a", undefined, "superset"],
  ["new on both sides and not the same", "a", "b", undefined, "both"],
  ["deleted in the folder", undefined, "a", "a", "folder"],
  ["deleted in Superset", "a", undefined, "a", "superset"],
  ["deleted in the folder, changed in Superset", undefined, "b", "a", "both"],
  ["deleted in Superset, changed in the folder", "b", undefined, "a", "both"],
  ["deleted on both sides", undefined, undefined, "a", undefined],
])("%s", (_, folder, superset, agreed, changedIn) => {
  const side = (name: string | undefined) => (name === undefined ? [] : [chart(name)]);
  const differences = compare(side(folder), side(superset), agreeOn(side(agreed)));
  expect(differences.map((each) => each.changedIn)).toEqual(changedIn ? [changedIn] : []);
});
