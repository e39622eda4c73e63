/** The rows of the loader benchmarks: 25 columns as a CRM has them, as Singer lines and as CSV. */
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const columns = [
  ["Id", "text"],
  ...Array.from({ length: 10 }, (_, index) => [`Text_${index}__c`, "text"]),
  ...Array.from({ length: 4 }, (_, index) => [`Amount_${index}__c`, "numeric"]),
  ...Array.from({ length: 3 }, (_, index) => [`Count_${index}__c`, "bigint"]),
  ...Array.from({ length: 3 }, (_, index) => [`Flag_${index}__c`, "boolean"]),
  ["CloseDate", "date"],
  ["CreatedDate", "timestamptz"],
  ["LastModifiedDate", "timestamptz"],
  ["SystemModstamp", "timestamptz"],
];
const schemas = {
  text: { type: ["null", "string"] },
  numeric: { type: ["null", "number"] },
  bigint: { type: ["null", "integer"] },
  boolean: { type: ["null", "boolean"] },
  date: { type: ["null", "string"], format: "date" },
  timestamptz: { type: ["null", "string"], format: "date-time" },
};

/** `CREATE TABLE` of the same columns, for raw COPY. */
export function renderTable(name) {
  const definitions = columns.map(([column, type]) => `"${column}" ${type}`);
  return `CREATE TABLE ${name} (${definitions.join(", ")}, PRIMARY KEY ("Id"))`;
}

/** Writes the rows in both forms. */
export async function writeRows(count, singerFile, csvFile) {
  const singer = createWriteStream(singerFile);
  const csv = createWriteStream(csvFile);
  const properties = Object.fromEntries(columns.map(([name, type]) => [name, schemas[type]]));
  const schema = {
    type: "SCHEMA",
    stream: "bench",
    schema: { properties },
    key_properties: ["Id"],
  };
  singer.write(`${JSON.stringify(schema)}\n`);
  let state = 1;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const value = (column, type, row) => {
    if (column === "Id") return `006${String(row).padStart(12, "0")}AAA`;
    if (random(10) === 0) return null;
    switch (type) {
      case "text":
        return `value ${random(1_000_000)} of ${column}`;
      case "numeric":
        return random(100_000_000) / 100;
      case "bigint":
        return random(1_000_000);
      case "boolean":
        return random(2) === 1;
      case "date":
        return `2024-${String(1 + random(12)).padStart(2, "0")}-${String(1 + random(28)).padStart(2, "0")}`;
      default:
        return `2024-06-${String(1 + random(28)).padStart(2, "0")}T10:11:12.000Z`;
    }
  };
  for (let row = 0; row < count; row += 1) {
    const record = Object.fromEntries(
      columns.map(([name, type]) => [name, value(name, type, row)]),
    );
    const line = {
      type: "RECORD",
      stream: "bench",
      record,
      time_extracted: "2024-07-01T00:00:00Z",
    };
    const cells = Object.values(record).map((cell) => (cell === null ? "" : String(cell)));
    const accepted = singer.write(`${JSON.stringify(line)}\n`) && csv.write(`${cells.join(",")}\n`);
    if (!accepted) await Promise.all([drained(singer), drained(csv)]);
  }
  singer.end('{"type":"STATE","value":{"done":true}}\n');
  csv.end();
  await Promise.all([finished(singer), finished(csv)]);
}

function drained(stream) {
  return stream.writableNeedDrain
    ? new Promise((resolve) => stream.once("drain", resolve))
    : undefined;
}
