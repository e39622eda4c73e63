/** The fields this target fills itself, for the quick way; `encode-row.ts` says what they hold. */
import type { RowContext } from "@bizops/target-kit";
import { microsSince2000, parseInstant } from "./instant.ts";
import { putInt32, putInt64 } from "./put-integers.ts";
import { nullLength } from "./tuple-block.ts";

/** 2000-01-01 in milliseconds since 1970. */
const epoch = 946_684_800_000;

/** Writes them in the order of their columns. */
export class MetadataWriter {
  /** The most bytes they take. */
  readonly length: number;
  readonly #names: readonly string[];
  readonly #batchedAt: number;
  #extracted: { readonly text: string; readonly micros: number } | undefined;

  constructor(names: readonly string[], batchedAt: Date) {
    this.#names = names;
    this.length = names.length * 12;
    this.#batchedAt = toMicros(batchedAt);
  }

  /** Returns the position behind them; undefined if the context holds what the plain way must judge. */
  write(context: RowContext, bytes: Buffer, start: number): number | undefined {
    let out = start;
    for (const name of this.#names) {
      const value = this.#valueOf(name, context);
      if (value === null) out = putInt32(bytes, out, nullLength);
      else if (Number.isSafeInteger(value)) out = putInt64(bytes, putInt32(bytes, out, 8), value);
      else return undefined;
    }
    return out;
  }

  #valueOf(name: string, context: RowContext): number | null {
    switch (name) {
      case "_sdc_extracted_at":
        return context.timeExtracted === undefined
          ? null
          : this.#readExtracted(context.timeExtracted);
      case "_sdc_received_at":
        return toMicros(context.received);
      case "_sdc_batched_at":
        return this.#batchedAt;
      case "_sdc_sequence":
        return context.sequence;
      case "_sdc_table_version":
        return context.version ?? null;
      default:
        return null;
    }
  }

  /** A tap stamps whole pages, so the last answer is mostly the next one. NaN if it is not an instant. */
  #readExtracted(text: string): number {
    if (this.#extracted?.text !== text) {
      const canonical = parseInstant(text);
      const micros = canonical === undefined ? Number.NaN : Number(microsSince2000(canonical));
      this.#extracted = { text, micros };
    }
    return this.#extracted!.micros;
  }
}

function toMicros(date: Date): number {
  return (date.getTime() - epoch) * 1000;
}
