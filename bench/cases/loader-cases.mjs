/** Our target beside \copy: fresh inserts, wide and narrow, and upserts of all keys and of a tenth. */
import { ContractError } from "@bizops/singer";
import { ourTarget } from "../loaders/our-target.mjs";
import { psqlCopy } from "../loaders/psql-copy.mjs";
import { narrow, wide } from "../rows/table-shapes.mjs";
import { writeRows } from "../rows/write-rows.mjs";
import { insertCase, upsertCase } from "./load-case.mjs";
import { takeTurns } from "./take-turns.mjs";

/** So many narrow rows for a wide one, so that neither is over too soon to be timed. */
const narrowForWide = 3;

/** @param options `{ rows: 300000, repeat: 5 }` */
export async function runLoaderCases({ folder, database }, { rows = 300_000, repeat = 5 }) {
  const overlap = Math.round(rows / 10);
  const plain = await writeRows(folder, wide, { count: rows });
  const changed = await writeRows(folder, wide, { count: rows, edition: 1 });
  const later = await writeRows(folder, wide, { first: rows - overlap, count: rows, edition: 1 });
  const small = await writeRows(folder, narrow, { count: rows * narrowForWide });

  const copy = psqlCopy(database);
  const target = ourTarget(database, { metadata: false });
  const withMetadata = ourTarget(database, { metadata: true });
  const copyWide = insertCase(database, copy, plain);
  const copyNarrow = insertCase(database, copy, small);
  const insertWide = insertCase(database, target, plain, { against: copyWide.name });
  const insertNarrow = insertCase(database, target, small, { against: copyNarrow.name });
  const cases = [
    copyWide,
    withEqualTables(database, insertWide, [copy, target], wide),
    insertCase(database, withMetadata, plain, { against: copyWide.name }),
    upsertCase(database, target, plain, changed, {
      name: `${target.name}, wide upsert of every key`,
      against: copyWide.name,
    }),
    upsertCase(database, target, plain, later, {
      name: `${target.name}, wide upsert, 10 % of the keys present`,
      against: copyWide.name,
    }),
    copyNarrow,
    withEqualTables(database, insertNarrow, [copy, target], narrow),
  ];
  return { repeat, results: await takeTurns(database, cases, repeat) };
}

/** The comparison is fair only between equal tables. @throws ContractError */
function withEqualTables(database, each, loaders, { name }) {
  const describeTable = ({ schema }) =>
    database.sql(
      `SELECT attname, format_type(atttypid, atttypmod), attnotnull, indisprimary
      FROM pg_attribute
      LEFT JOIN pg_index ON indrelid = attrelid AND attnum = ANY (indkey)
      WHERE attrelid = '${schema}.${name}'::regclass AND attnum > 0
      ORDER BY attname`,
    );
  const check = () => {
    each.check();
    const [expected, found] = loaders.map(describeTable);
    if (found !== expected) {
      throw new ContractError(`the tables differ; \\copy's:\n${expected}\nand ours:\n${found}`);
    }
  };
  return { ...each, check };
}
