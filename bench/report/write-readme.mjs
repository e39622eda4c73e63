/** Puts results between their markers in README.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { BugError } from "@bizops/singer";

const readme = new URL("../README.md", import.meta.url);

/** Rewrites what stands between `<!-- NAME results -->` and `<!-- end of NAME results -->`. */
export function writeResults(name, markdown) {
  const text = readFileSync(readme, "utf8");
  const [start, end] = [`<!-- ${name} results -->`, `<!-- end of ${name} results -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new BugError(`README.md has no markers ${start} and ${end}`);
  const before = text.slice(0, from + start.length);
  writeFileSync(readme, `${before}\n\n${markdown}\n\n${text.slice(to)}`);
}
