/** What the tests of BATCH share: files in a folder of their own, messages about them in short. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

/** Gives a test file its folder. */
export function useBatchFiles() {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "batch-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The path of a file that need not be there. */
  const pathOf = (name: string): string => join(folder, name);
  /** Writes a file, packed if its name says so; its URL. */
  const file = (name: string, content: string | Buffer): string => {
    const packed = name.endsWith(".gz") && typeof content === "string";
    writeFileSync(pathOf(name), packed ? gzipSync(content) : content);
    return pathToFileURL(pathOf(name)).href;
  };
  return { pathOf, file };
}

export const batch = (stream: string, manifest: unknown, encoding: object = {}) => ({
  type: "BATCH",
  stream,
  encoding: { format: "jsonl", compression: "gzip", ...encoding },
  manifest,
});

export const jsonl = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

export const shape = {
  id: { type: "integer" },
  text: { type: ["string", "null"] },
  amount: { type: ["number", "null"] },
};
