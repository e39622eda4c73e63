/** Rows as Bulk API 2.0 writes them: every value quoted, null as nothing, date-times with Z. */
import type { Field } from "./field.ts";
import { bulkDateTime, dateText } from "./render-time.ts";

/** A delimiter by the name the vendor gives it. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  BACKQUOTE: "`",
  CARET: "^",
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  TAB: "\t",
};

export interface CsvStyle {
  readonly delimiter: string;
  readonly lineEnding: "\n" | "\r\n";
}

export function csvHeader(fields: readonly Field[], style: CsvStyle): string {
  return fields.map((field) => `"${field.name}"`).join(style.delimiter) + style.lineEnding;
}

export function makeCsvWriter(fields: readonly Field[], style: CsvStyle): (row: unknown) => string {
  return (row) => {
    let text = "";
    for (let n = 0; n < fields.length; n++) {
      if (n > 0) text += style.delimiter;
      text += `"${cell(fields[n]!, row)}"`;
    }
    return text + style.lineEnding;
  };
}

function cell(field: Field, row: unknown): string {
  const value = field.read(row);
  if (value === null) return "";
  if (field.type === "datetime") return bulkDateTime(value as number);
  if (field.type === "date") return dateText(value as number);
  // Whole numbers come as decimals here, unlike in REST.
  if (field.type === "int") return `${value}.0`;
  return typeof value === "string" && value.includes('"')
    ? value.replaceAll('"', '""')
    : String(value);
}
