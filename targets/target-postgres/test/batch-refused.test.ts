/** BATCH: files and encodings that are not read. */
import { pathToFileURL } from "node:url";
import { batch, shape, useBatchFiles } from "./use-batch-files.ts";
import { lines, schema, useTarget } from "./use-target.ts";

const { target } = useTarget();
const { pathOf } = useBatchFiles();

describe("what is not read", () => {
  test("a file that is not there is named", async () => {
    const { code, stderr } = await target(
      lines(schema("gone", shape), batch("gone", [pathToFileURL(pathOf("gone.gz")).href])),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/gone\.gz cannot be read \(ENOENT\)/);
  });

  test.each([
    [
      "s3",
      batch("no", ["s3://bucket/a?signature=secret"]),
      /BATCH of no: s3:\/\/ is not supported; only local/,
    ],
    [
      "a relative path",
      batch("no", ["a.gz"]),
      /BATCH of no: a path of the manifest is not absolute/,
    ],
    [
      "half a URL",
      batch("no", ["file:///%zz"]),
      /BATCH of no: a file URL of the manifest is not valid/,
    ],
    [
      "parquet",
      batch("no", [], { format: "parquet" }),
      /format parquet is not supported; jsonl and csv are/,
    ],
    ["arrow", batch("no", [], { format: "arrow" }), /format arrow is not supported/],
    [
      "snappy",
      batch("no", [], { compression: "snappy" }),
      /compression snappy is not supported; gzip and none/,
    ],
    ["no header", batch("no", [], { format: "csv", header: false }), /CSV files need a header row/],
    [
      "a long delimiter",
      batch("no", [], { format: "csv", delimiter: "||" }),
      /delimiter must be one ASCII character/,
    ],
    [
      "an unknown option",
      batch("no", [], { format: "csv", escape: "x" }),
      /option escape of format csv is not/,
    ],
    [
      "no encoding",
      { type: "BATCH", stream: "no", manifest: [] },
      /line 2: BATCH of no needs an encoding/,
    ],
    ["no manifest", batch("no", undefined), /line 2: BATCH of no needs a manifest/],
    ["a manifest of numbers", batch("no", [1]), /line 2: BATCH of no needs a manifest/],
    [
      "no text",
      batch("no", [], { compression: 1 }),
      /line 2: BATCH of no: the compression must be a string/,
    ],
    ["no SCHEMA before", batch("other", []), /BATCH of other came before its SCHEMA/],
  ])("%s: one line that says what is", async (_, message, expected) => {
    const { code, stderr } = await target(lines(schema("no", shape), message));
    expect(code).toBe(5);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(expected)]);
    expect(stderr).not.toContain("secret");
  });
});
