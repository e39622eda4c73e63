import fc from "fast-check";
import { readLines } from "./read-lines.ts";
import { createLineSplitter } from "./split-lines.ts";

function splitAll(chunks: Buffer[]): string[] {
  const splitter = createLineSplitter();
  const stretches = chunks.flatMap((chunk) => splitter.push(chunk)).map(String);
  for (const stretch of stretches) expect(stretch).toMatch(/\n$/);
  return `${stretches.join("")}${splitter.rest()}`.split("\n");
}

test("any chunking gives the lines of the whole", () => {
  const text = fc
    .array(fc.constantFrom("a", "é", "\n", "\u2028", "\r", "😀", '{"x":1}'), { maxLength: 60 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
        (a, b) => a - b,
      );
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(splitAll(chunks)).toEqual(whole.split("\n"));
    }),
  );
});

test("[WIRE-3] U+2028 does not end a line", () => {
  expect(splitAll([Buffer.from("a\u2028b\nc\n")])).toEqual(["a\u2028b", "c", ""]);
});

test("a line over the limit is a contract error, behind the lines before it", async () => {
  const source = (async function* () {
    yield Buffer.from("ab\nabc");
    yield Buffer.from("d\ne\nfgh12\ni\n");
  })();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { bytes } of readLines(source, { maxLineBytes: 4 })) seen.push(String(bytes));
  })();
  await expect(reading).rejects.toThrow(/longer than 4 bytes/);
  expect(seen).toEqual(["ab\n", "abcd\n", "e\n"]);
});
