/** Writes rows of a shape as Singer lines and as CSV, a thousand at a time. */
import { rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { interruption } from "../interruption.mjs";
import { cell, singerSchema } from "./table-shapes.mjs";

const linesAtOnce = 1000;

/**
 * @param range `{ first, count, edition }`: which keys, and which edition of their values
 * @returns the range with its `shape` and its two files, `singer` and `csv` (with a header)
 */
export async function writeRows(folder, shape, { first = 0, count, edition = 0 }) {
  const name = join(folder, `${shape.name}-${first}-${count}-${edition}`);
  const rows = { shape, first, count, edition, singer: `${name}.jsonl`, csv: `${name}.csv` };
  const singer = await open(rows.singer, "w");
  const csv = await open(rows.csv, "w");
  try {
    await singer.write(`${JSON.stringify(singerSchema(shape))}\n`);
    await csv.write(`${shape.columns.map(([column]) => column).join(",")}\n`);
    for (let at = first; at < first + count; at += linesAtOnce) {
      interruption.throwIfAborted();
      const [lines, cells] = render(shape, at, Math.min(at + linesAtOnce, first + count), edition);
      await singer.write(lines);
      await csv.write(cells);
    }
    await singer.write('{"type":"STATE","value":{"done":true}}\n');
  } finally {
    await Promise.all([singer.close(), csv.close()]);
  }
  return rows;
}

/** Deletes the files again. */
export function deleteRows({ singer, csv }) {
  rmSync(singer);
  rmSync(csv);
}

function render({ name, columns }, first, end, edition) {
  let lines = "";
  let csv = "";
  for (let row = first; row < end; row += 1) {
    const values = columns.map((column, index) => cell(column, index, row, edition));
    const record = Object.fromEntries(columns.map(([column], index) => [column, values[index]]));
    lines += `${JSON.stringify({
      type: "RECORD",
      stream: name,
      record,
      time_extracted: "2024-07-01T00:00:00Z",
    })}\n`;
    csv += `${values.map((value) => value ?? "").join(",")}\n`;
  }
  return [lines, csv];
}
