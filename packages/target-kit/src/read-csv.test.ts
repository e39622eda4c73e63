/** CSV comes back as what was written, however its bytes are cut. */
import { Readable } from "node:stream";
import { ContractError, type Row } from "@bizops/singer";
import fc from "fast-check";
import { readCsv } from "./read-csv.ts";

const options = {
  delimiter: ",",
  maxLineBytes: 1_000_000,
  schema: { properties: { a: { type: "string" }, b: { type: "string" }, c: { type: "string" } } },
};

async function read(text: string, chunkSize: number): Promise<Row[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
  const rows: Row[] = [];
  for await (const chunk of readCsv(Readable.from(chunks), options)) rows.push(...chunk.rows);
  return rows;
}

/** Quotes what must be quoted, and texts that may look like null. */
const cell = (value: string | null) =>
  value === null ? "" : /^$|[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

test("texts, empty texts and nulls are told apart, with any line break and in any chunks", async () => {
  const text = fc.array(fc.constantFrom("x", '"', ",", "\n", "\r\n", " ", "ü", "😀", "\t", "\\"), {
    maxLength: 6,
  });
  const value = fc.option(text.map((parts) => parts.join("")));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: value, b: value, c: value })),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      async (rows, lineBreak, ended, chunkSize) => {
        const lines = rows.map(({ a, b, c }) => [a, b, c].map(cell).join(","));
        const whole = ["a,b,c", ...lines].join(lineBreak) + (ended ? lineBreak : "");
        expect(await read(whole, chunkSize)).toEqual(rows);
      },
    ),
  );
});

test("a column called constructor or __proto__ is data", async () => {
  const [row] = await read("a,constructor,__proto__\nx,y,z\n", 100);
  expect(Object.entries(row!)).toEqual([
    ["a", "x"],
    ["constructor", "y"],
    ["__proto__", "z"],
  ]);
});

test("whatever comes, it ends in rows or a ContractError that quotes nothing", async () => {
  const text = fc.array(
    fc.constantFrom("a", "secret", '"', '""', ",", "\n", "\r\n", "\r", "\ufeff"),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (parts, chunkSize) => {
      const result = await read(`a,b\n${parts.join("")}`, chunkSize).catch((error) => error);
      if (Array.isArray(result)) return;
      expect(result).toBeInstanceOf(ContractError);
      expect(result.message).not.toContain("secret");
    }),
    { numRuns: 500 },
  );
});
