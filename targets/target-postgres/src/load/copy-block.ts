/** Sends the rows of a block through binary COPY. */
import { once } from "node:events";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { TupleBlock } from "../rows/tuple-block.ts";

/** The server takes a message whole before it reads on, so messages are kept short. */
const messageBytes = 128 * 1024;

const header = Buffer.from("PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const trailer = Buffer.from([0xff, 0xff]);

/**
 * @param statement `COPY ... FROM STDIN (FORMAT binary)`, with the columns of the block
 * @param masks one a row: sent as a further text field
 */
export async function copyBlock(
  client: ClientBase,
  statement: string,
  block: TupleBlock,
  masks?: readonly string[],
): Promise<void> {
  const stream = client.query(copyFrom(statement));
  const done = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
  });
  // `done` carries the error; without this an error between two writes would be unhandled.
  done.catch(() => {});
  for (const piece of masks === undefined ? pieces(block) : piecesWithMasks(block, masks)) {
    if (!stream.write(piece)) await Promise.race([once(stream, "drain"), done]);
  }
  stream.end(trailer);
  await done;
}

function* pieces(block: TupleBlock): Generator<Buffer> {
  yield header;
  for (const [start, end] of block.stretches()) {
    for (let at = start; at < end; at += messageBytes) {
      yield block.rows.bytes.subarray(at, Math.min(at + messageBytes, end));
    }
  }
}

function* piecesWithMasks(block: TupleBlock, masks: readonly string[]): Generator<Buffer> {
  let gathered: Buffer[] = [header];
  let length = 0;
  let row = 0;
  for (const [start, end] of block.eachRow()) {
    const mask = masks[row]!;
    const frame = Buffer.alloc(2 + 4 + mask.length);
    frame.writeInt16BE(block.columns.length + 1, 0);
    frame.writeInt32BE(mask.length, 2);
    frame.write(mask, 6, "latin1");
    gathered.push(
      frame.subarray(0, 2),
      block.rows.bytes.subarray(start + 2, end),
      frame.subarray(2),
    );
    length += end - start;
    row += 1;
    if (length < messageBytes) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    length = 0;
  }
  yield Buffer.concat(gathered);
}
