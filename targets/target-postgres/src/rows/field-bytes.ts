/**
 * Canonical text of a value -> its bytes as PostgreSQL's receive functions take them (numeric_recv,
 * timestamptz_recv, jsonb_recv and so on). Pure.
 */
import type { ColumnType } from "../schema/column-type.ts";
import { daysSince2000, microsOfDay, microsSince2000 } from "./instant.ts";

/** The version every jsonb value begins with. */
const jsonbVersion = "\u0001";

/** @param text as `encodeValue` gives it for the type */
export function fieldBytes(text: string, type: ColumnType): Buffer {
  switch (type) {
    case "boolean":
      return Buffer.of(text === "t" ? 1 : 0);
    case "bigint":
      return int64(BigInt(text));
    case "numeric":
      return numeric(text);
    case "date":
      return int32(daysSince2000(text));
    case "timestamptz":
      return int64(microsSince2000(text));
    case "time":
      return int64(microsOfDay(text));
    case "text":
      return Buffer.from(text);
    case "jsonb":
      return Buffer.from(`${jsonbVersion}${text}`);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/**
 * Digits in groups of four around the decimal point, with the weight of the first group, sign and scale.
 * @param text decimal notation without exponent
 */
function numeric(text: string): Buffer {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = (negative ? text.slice(1) : text).split(".");
  const integral = whole.replace(/^0+/, "");
  const decimals = fraction.replace(/0+$/, "");
  const left = integral.padStart(Math.ceil(integral.length / 4) * 4, "0");
  const right = decimals.padEnd(Math.ceil(decimals.length / 4) * 4, "0");
  const groups = `${left}${right}`.match(/.{4}/g)?.map(Number) ?? [];
  const leading = groups.findIndex((group) => group !== 0);
  const trailing = groups.findLastIndex((group) => group !== 0);
  const kept = leading === -1 ? [] : groups.slice(leading, trailing + 1);
  const weight = leading === -1 ? 0 : left.length / 4 - 1 - leading;
  const bytes = Buffer.alloc(8 + 2 * kept.length);
  bytes.writeInt16BE(kept.length, 0);
  bytes.writeInt16BE(weight, 2);
  bytes.writeUInt16BE(negative && kept.length > 0 ? 0x4000 : 0, 4);
  bytes.writeInt16BE(decimals.length, 6);
  kept.forEach((group, index) => {
    bytes.writeInt16BE(group, 8 + 2 * index);
  });
  return bytes;
}
