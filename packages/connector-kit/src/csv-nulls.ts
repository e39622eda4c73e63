/** Nulls in CSV: cells without quotes, which parsers do not tell from the same text in quotes. */

/** Null where the source has none. */
export type Cells = readonly (string | null)[];

/**
 * The cells of a row with nulls.
 * @param raw the row as it was read; of its line break there may be a part
 * @param delimiter one ASCII character
 * @param nullText how null is spelt without quotes; in quotes it is a text
 */
export function withNulls(
  cells: readonly string[],
  raw: string,
  delimiter: string,
  nullText: string,
): Cells {
  if (!cells.includes(nullText)) return cells;
  const quoted = raw.includes(`"${nullText}"`) ? findQuoted(raw, delimiter) : [];
  return cells.map((cell, index) => (cell === nullText && !quoted[index] ? null : cell));
}

/** Which cells of a row stand in quotes. */
function findQuoted(raw: string, delimiter: string): readonly boolean[] {
  const quoted: boolean[] = [];
  for (let at = 0; ; at += 1) {
    const isQuoted = raw[at] === '"';
    quoted.push(isQuoted);
    // Doubled quotes are two cells of quotes, one behind the other.
    while (raw[at] === '"') at = raw.indexOf('"', at + 1) + 1;
    at = raw.indexOf(delimiter, at);
    if (at === -1) return quoted;
  }
}
