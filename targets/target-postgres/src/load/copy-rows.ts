/** Sends rows through COPY. */
import { once } from "node:events";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { renderCopyLine } from "./copy-text.ts";

const chunkLength = 128 * 1024;

/** @param statement `COPY ... FROM STDIN` */
export async function copyRows(
  client: ClientBase,
  statement: string,
  rows: Iterable<readonly (string | null)[]>,
): Promise<void> {
  const stream = client.query(copyFrom(statement));
  const done = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
  });
  // `done` carries the error; without this an error between two writes would be unhandled.
  done.catch(() => {});
  let chunk = "";
  for (const row of rows) {
    chunk += renderCopyLine(row);
    if (chunk.length < chunkLength) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), done]);
    chunk = "";
  }
  stream.end(chunk);
  await done;
}
