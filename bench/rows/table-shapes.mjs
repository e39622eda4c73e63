/** The tables of the loader benchmarks: their columns, and every value as a function of column, row and edition. */

/** One column in ten is empty. */
const oneEmptyIn = 10;

/** A table has a key `id`, a column `count_0` to check what was loaded, and columns of PostgreSQL's types. */
function shape(name, key, columns) {
  return { name, columns: [["id", key], ...columns] };
}

const several = (count, name, type) =>
  Array.from({ length: count }, (_, index) => [`${name}_${index}`, type]);

/** 25 columns as a CRM has them, about 900 bytes a line. */
export const wide = shape("wide", "text", [
  ...several(10, "description", "text"),
  ...several(4, "amount", "numeric"),
  ...several(3, "count", "bigint"),
  ...several(3, "flag", "boolean"),
  ["close_date", "date"],
  ["created_at", "timestamptz"],
  ["modified_at", "timestamptz"],
  ["system_modified_at", "timestamptz"],
]);

/** A key and four small columns. */
export const narrow = shape("narrow", "bigint", [
  ["name", "text"],
  ["amount_0", "numeric"],
  ["count_0", "bigint"],
  ["modified_at", "timestamptz"],
]);

const singerTypes = {
  text: { type: ["null", "string"] },
  numeric: { type: ["null", "number"] },
  bigint: { type: ["null", "integer"] },
  boolean: { type: ["null", "boolean"] },
  date: { type: ["null", "string"], format: "date" },
  timestamptz: { type: ["null", "string"], format: "date-time" },
};

/** The SCHEMA message of a shape. */
export function singerSchema({ name, columns }) {
  const properties = Object.fromEntries(
    columns.map(([column, type]) => [column, singerTypes[type]]),
  );
  return { type: "SCHEMA", stream: name, schema: { properties }, key_properties: ["id"] };
}

/** The value of a cell; from one edition to the next (0, 1) every value but the key's changes. */
export function cell([column, type], index, row, edition) {
  if (column === "id") return type === "bigint" ? row : `006${String(row).padStart(12, "0")}AAA`;
  const bits = scatter(row, index);
  if (bits % oneEmptyIn === edition) return null;
  const number = Math.floor(bits / oneEmptyIn) + edition;
  const twoDigits = (limit) => String(1 + (number % limit)).padStart(2, "0");
  switch (type) {
    case "text":
      return `value ${number % 1_000_000} of ${column}`;
    case "numeric":
      return (number % 100_000_000) / 100;
    case "bigint":
      return number % 1_000_000;
    case "boolean":
      return number % 2 === 1;
    case "date":
      return `2024-${twoDigits(12)}-${twoDigits(28)}`;
    default:
      return `2024-06-${twoDigits(28)}T10:11:12.000Z`;
  }
}

/** The sum of `count_0` over the rows from `first` up to `end`, which is not among them. */
export function sumOfCounts({ columns }, first, end, edition) {
  const index = columns.findIndex(([name]) => name === "count_0");
  let sum = 0;
  for (let row = first; row < end; row += 1) sum += cell(columns[index], index, row, edition) ?? 0;
  return sum;
}

/** 32 bits that look random and are the same in every run. */
function scatter(row, index) {
  let bits = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
