/** Names of the source -> names PostgreSQL takes: at most 63 bytes, stable, without collisions. */
import { createHash } from "node:crypto";

const maxBytes = 63;

/** Column names PostgreSQL keeps for itself in every table. */
const systemColumns = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

/**
 * The name as it comes where PostgreSQL can hold it. Otherwise as much of it as fits and eight hex digits of
 * its SHA-256, so that the same name always gives the same identifier and two names never the same.
 */
export function toIdentifier(name: string): string {
  const holds =
    name !== "" &&
    Buffer.byteLength(name) <= maxBytes &&
    !name.includes("\0") &&
    name.isWellFormed() &&
    !systemColumns.has(name);
  if (holds) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const kept = name.replaceAll("\0", "").toWellFormed();
  return `${cutToBytes(kept, maxBytes - 1 - hash.length)}_${hash}`;
}

/** Where a stream's table is: `a-b` is table b in schema a, any other name a table of the default schema. */
export function toTableName(
  stream: string,
  defaultSchema: string,
): { readonly schema: string; readonly table: string } {
  const dash = stream.indexOf("-");
  if (dash <= 0 || dash === stream.length - 1) {
    return { schema: toIdentifier(defaultSchema), table: toIdentifier(stream) };
  }
  return {
    schema: toIdentifier(stream.slice(0, dash)),
    table: toIdentifier(stream.slice(dash + 1)),
  };
}

/** Cuts between characters, never inside one. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let cut = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    cut += character;
  }
  return cut;
}
