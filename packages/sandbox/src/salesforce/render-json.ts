/** Rows as the REST API writes them. Decimals are written as the text they are, digit for digit. */
import type { Field, FieldValue } from "./field.ts";
import { dateText, restDateTime } from "./render-time.ts";
import type { SObject } from "./sobject.ts";

export type RowWriter = (row: unknown) => string;

/** A writer for some of an object's fields; the vendor adds `attributes` to every record. */
export function makeJsonWriter(
  object: SObject,
  fields: readonly Field[],
  version: string,
): RowWriter {
  const idField = object.field("Id")!;
  const base = `/services/data/${version}/sobjects/${object.name}/`;
  const head = `{"attributes":{"type":${JSON.stringify(object.name)},"url":"${base}`;
  const columns = fields.map((field) => ({
    field,
    label: `,${JSON.stringify(field.name)}:`,
    write: writerOf(field, base),
  }));
  return (row) => {
    const id = idField.read(row) as string;
    let text = `${head}${id}"}`;
    for (const { field, label, write } of columns) {
      const value = field.read(row);
      text += label;
      text += value === null ? "null" : write(value, id);
    }
    return `${text}}`;
  };
}

type Write = (value: Exclude<FieldValue, null>, id: string) => string;

function writerOf(field: Field, base: string): Write {
  switch (field.type) {
    case "datetime":
      return (value) => `"${restDateTime(value as number)}"`;
    case "date":
      return (value) => `"${dateText(value as number)}"`;
    case "currency":
    case "double":
    case "percent":
    case "int":
    case "boolean":
      return String;
    case "id":
    case "reference":
      return (value) => `"${value}"`;
    case "base64":
      return (_value, id) => `"${base}${id}/${field.name}"`;
    default:
      return (value) => JSON.stringify(value);
  }
}
