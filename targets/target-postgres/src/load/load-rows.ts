/** Brings the collected rows of one stream into its table, inside the caller's transaction. */
import type { ClientBase } from "pg";
import { qualify, quote } from "../schema/render-ddl.ts";
import type { TableShape } from "../schema/table-shape.ts";
import { copyRows } from "./copy-rows.ts";
import { presenceColumn, renderCopy, renderMerge, renderStaging } from "./merge-sql.ts";
import type { EncodedRow } from "./row-collector.ts";

const staging = "_bizops_staging";

/** Append rows where the table has no key, merge them by key otherwise. */
export async function loadRows(
  client: ClientBase,
  shape: TableShape,
  rows: readonly EncodedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { used, mixed } = findCarried(rows, shape.columns.length);
  const columns = used.map((index) => shape.columns[index]!);
  const names = columns.map(({ name }) => name);
  if (names.length === 0) {
    const empty = `INSERT INTO ${qualify(shape)} SELECT FROM generate_series(1, $1)`;
    await client.query(empty, [rows.length]);
    return;
  }
  if (shape.key.length === 0) {
    await copyRows(client, renderCopy(qualify(shape), names), pick(rows, used, false));
    return;
  }
  await client.query(renderStaging(staging, columns, mixed));
  const target = renderCopy(quote(staging), mixed ? [...names, presenceColumn] : names);
  await copyRows(client, target, pick(rows, used, mixed));
  for (const statement of renderMerge(shape, staging, columns, mixed))
    await client.query(statement);
  await client.query(`DROP TABLE ${quote(staging)}`);
}

/** Which columns any row carries, and whether the rows differ in that. */
function findCarried(
  rows: readonly EncodedRow[],
  width: number,
): { readonly used: number[]; readonly mixed: boolean } {
  const used: number[] = [];
  let mixed = false;
  for (let index = 0; index < width; index += 1) {
    let carrying = 0;
    for (const row of rows) if (row[index] !== undefined) carrying += 1;
    if (carrying > 0) used.push(index);
    if (carrying > 0 && carrying < rows.length) mixed = true;
  }
  return { used, mixed };
}

function* pick(
  rows: readonly EncodedRow[],
  used: readonly number[],
  withPresence: boolean,
): Generator<(string | null)[]> {
  for (const row of rows) {
    const picked = used.map((index) => row[index] ?? null);
    if (withPresence) picked.push(used.map((i) => (row[i] === undefined ? "0" : "1")).join(""));
    yield picked;
  }
}
