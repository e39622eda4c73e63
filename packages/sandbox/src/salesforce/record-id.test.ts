/** Record ids. */
import { checksumOf, keyOfRecordId, recordId } from "./record-id.ts";

test("the checksum is the vendor's", () => {
  expect(checksumOf("001A0000006Vm9u")).toBe("IAC");
});

test.each([0, 1, 35, 36, 61, 62, 3843, 3844, 2 ** 24 + 5, 62 ** 5 - 1])(
  "key %d survives the round trip",
  (key) => {
    const id = recordId("00Q", key);
    expect(id).toHaveLength(18);
    expect(id.slice(15)).toBe(checksumOf(id.slice(0, 15)));
    expect(keyOfRecordId("00Q", id)).toBe(key);
    expect(keyOfRecordId("00Q", id.slice(0, 15))).toBe(key);
    expect(keyOfRecordId("001", id)).toBeNull();
  },
);

test("ids sort as their keys", () => {
  const ids = [0, 9, 10, 35, 36, 61, 62, 4000].map((key) => recordId("001", key));
  expect([...ids].sort()).toEqual(ids);
});

test("a wrong checksum is no id", () => {
  expect(keyOfRecordId("001", `${recordId("001", 5).slice(0, 17)}5`)).toBeNull();
});
