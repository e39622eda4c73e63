/** The same insert and upsert by the programs people use today. */
import { ourTarget } from "../loaders/our-target.mjs";
import { psqlCopy } from "../loaders/psql-copy.mjs";
import { dltLoaders } from "../rivals/dlt.mjs";
import { meltanolabsLoaders } from "../rivals/meltanolabs.mjs";
import { pipelinewiseLoaders } from "../rivals/pipelinewise.mjs";
import { slingLoaders } from "../rivals/sling.mjs";
import { wide } from "../rows/table-shapes.mjs";
import { writeRows } from "../rows/write-rows.mjs";
import { insertCase, upsertCase } from "./load-case.mjs";
import { takeTurns } from "./take-turns.mjs";

/** @param options `{ rows: 100000, repeat: 1 }` */
export async function runRivalCases({ folder, database }, { rows = 100_000, repeat = 1 }) {
  const plain = await writeRows(folder, wide, { count: rows });
  const changed = await writeRows(folder, wide, { count: rows, edition: 1 });
  const loaders = [ourTarget(database, { metadata: false })];
  for (const makeLoaders of [slingLoaders, dltLoaders, meltanolabsLoaders, pipelinewiseLoaders]) {
    loaders.push(...(await makeLoaders({ folder, database })));
  }
  const copy = insertCase(database, psqlCopy(database), plain);
  const cases = loaders.flatMap((loader) => [
    insertCase(database, loader, plain, { against: copy.name }),
    upsertCase(database, loader, plain, changed, {
      name: `${loader.name}, wide upsert of every key`,
      against: copy.name,
    }),
  ]);
  return { repeat, results: await takeTurns(database, [copy, ...cases], repeat) };
}
