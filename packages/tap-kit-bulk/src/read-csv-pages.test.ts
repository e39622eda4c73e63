import { Readable } from "node:stream";
import { type CsvForm, readCsvPages } from "./read-csv-pages.ts";

const texts: CsvForm = {
  columns: (header) =>
    header === "skip" ? undefined : { property: header.toLowerCase(), convert: (cell) => cell },
  nullText: "",
  quotedNull: false,
};
async function read(text: string, more: Partial<CsvForm> = {}) {
  const pages = [];
  for await (const page of readCsvPages(Readable.from([Buffer.from(text)]), {
    ...texts,
    ...more,
  })) {
    pages.push(page);
  }
  return pages;
}

test("line breaks, quotes and delimiters in quotes; columns by their header, in any order", async () => {
  expect(await read('\uFEFFB,skip,A\r\n"x\r\ny",z,"say ""a, b"""\r\nü,,\n')).toEqual([
    [
      { b: "x\r\ny", a: 'say "a, b"' },
      { b: "ü", a: null },
    ],
  ]);
});

test("what null is, quoted or not", async () => {
  const text = 'A,B,C\nnull,"null",""\n';
  expect(await read(text, { nullText: "null" })).toEqual([[{ a: null, b: "null", c: "" }]]);
  expect(await read(text, { nullText: "null", quotedNull: true })).toEqual([
    [{ a: null, b: null, c: "" }],
  ]);
  expect(await read('A,B\n,""\n')).toEqual([[{ a: null, b: "" }]]);
});

test("pages of a given size; a header alone is no rows", async () => {
  expect((await read("A\n1\n2\n3\n", { pageRows: 2 })).map((page) => page.length)).toEqual([2, 1]);
  expect(await read("A\n")).toEqual([[]]);
});

test.each([
  ["A,B\n1,2\nsecret\n", /line 3 has not as many cells/],
  ["A,B\n1,2,secret\n", /line 2 has not as many cells/],
  ['A\n"secret', /ends within the quotes of line/],
  ['A\nsecret"x"\n', /line 2 is not valid CSV/],
  ["", /no header/],
])("%j is a broken contract that quotes no value", async (text, message) => {
  const failing = read(text);
  await expect(failing).rejects.toThrow(message);
  await expect(failing).rejects.toMatchObject({ exitCode: 5 });
  await expect(failing).rejects.not.toThrow(/secret/);
});
