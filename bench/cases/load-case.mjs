/** Cases of the loader benchmarks: a loader, rows, and the table as it has to be before and after. */
import { ContractError } from "@bizops/singer";
import { sumOfCounts } from "../rows/table-shapes.mjs";

/** Rows into a table that is not there yet. */
export function insertCase(database, loader, rows, options) {
  return {
    name: `${loader.name}, ${rows.shape.name} insert`,
    rows: rows.count,
    prepare: () => dropTables(database, loader, rows.shape),
    run: () => loader.load(rows, "insert"),
    check: () => checkTable(database, loader, undefined, rows),
    ...options,
  };
}

/** Rows into a table the same loader has filled with the rows `before`. */
export function upsertCase(database, loader, before, rows, options) {
  return {
    rows: rows.count,
    async prepare() {
      dropTables(database, loader, rows.shape);
      await loader.load(before, "insert");
      database.sql(`VACUUM (ANALYZE) ${loader.schema}.${rows.shape.name}`);
    },
    run: () => loader.load(rows, "upsert"),
    check: () => checkTable(database, loader, before, rows),
    ...options,
  };
}

function dropTables({ sql }, loader, shape) {
  sql(`DROP SCHEMA IF EXISTS ${loader.schema} CASCADE`);
  loader.prepare?.(shape);
}

/** A loader that is fast because it leaves rows out is not fast. @throws ContractError */
function checkTable({ sql }, loader, before, rows) {
  const { shape, first, count, edition } = rows;
  const end = first + count;
  // Both are ranges that start where `before` starts or later, so what is left of it comes first.
  const kept = before === undefined ? 0 : Math.min(first - before.first, before.count);
  const sum =
    sumOfCounts(shape, first, end, edition) +
    (before === undefined
      ? 0
      : sumOfCounts(shape, before.first, before.first + kept, before.edition));
  const expected = `${kept + count}|${kept + count}|${sum}`;
  const table = `${loader.schema}.${shape.name}`;
  const found = sql(`SELECT count(*), count(DISTINCT id), sum(count_0)::numeric FROM ${table}`);
  if (found !== expected) {
    throw new ContractError(
      `${loader.name} left other rows in ${table}: rows|keys|sum are ${found}, not ${expected}`,
    );
  }
}
