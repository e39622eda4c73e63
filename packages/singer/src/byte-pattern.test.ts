import fc from "fast-check";
import { BytePattern, viewOf } from "./byte-pattern.ts";

test("a pattern is where its bytes are, and nowhere else", () => {
  const bytes = (maxLength: number) =>
    fc.uint8Array({ maxLength, max: 3 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes(12), bytes(30), fc.nat(30), (pattern, text, at) => {
      const found = text.subarray(at, at + pattern.length).equals(pattern);
      expect(new BytePattern(pattern).isAt(viewOf(text), at)).toBe(found && at <= text.length);
    }),
    { numRuns: 2000 },
  );
});
