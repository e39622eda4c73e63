/** Fresh inserts of ever more rows: time has to grow with them, memory must not. */
import { ourTarget } from "../loaders/our-target.mjs";
import { psqlCopy } from "../loaders/psql-copy.mjs";
import { wide } from "../rows/table-shapes.mjs";
import { deleteRows, writeRows } from "../rows/write-rows.mjs";
import { insertCase } from "./load-case.mjs";
import { takeTurns } from "./take-turns.mjs";

/** @param options `{ sizes: [100000, 1000000, 3000000], repeat: 1 }` */
export async function runScaleCases(
  { folder, database },
  { sizes = [100_000, 1_000_000, 3_000_000], repeat = 1 },
) {
  const results = [];
  for (const count of sizes) {
    const rows = await writeRows(folder, wide, { count });
    const named = (loader) => `${loader.name}, ${count.toLocaleString("en")} rows`;
    const copy = psqlCopy(database);
    const target = ourTarget(database, { metadata: false });
    const cases = [
      insertCase(database, copy, rows, { name: named(copy) }),
      insertCase(database, target, rows, { name: named(target), against: named(copy) }),
    ];
    results.push(...(await takeTurns(database, cases, repeat)));
    deleteRows(rows);
  }
  return { repeat, results };
}
