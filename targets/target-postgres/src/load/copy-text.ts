/** Rows of encoded values -> PostgreSQL's COPY text format. Pure. */

const special = /[\\\n\r\t]/;
const escapes: { readonly [character: string]: string } = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** One line; null is `\N`, so `""`, `[]`, `{}` and null stay four values. */
export function renderCopyLine(values: readonly (string | null)[]): string {
  let line = "";
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (index > 0) line += "\t";
    line += value === null ? "\\N" : special.test(value) ? escapeSpecial(value) : value;
  }
  return `${line}\n`;
}

function escapeSpecial(value: string): string {
  return value.replace(/[\\\n\r\t]/g, (character) => escapes[character]!);
}
