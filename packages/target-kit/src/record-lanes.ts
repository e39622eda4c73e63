/**
 * The quick way of RECORD lines. A tap begins each record of a stream with the same bytes up to the row, so a
 * line that begins with the bytes of a known lane is a record of that lane's stream: its row goes to the
 * collector's reader as bytes. Whatever is not as expected goes the plain way instead.
 */
import { BytePattern, parseMessage, viewOf } from "@bizops/singer";
import type { SegmentBuilder } from "./segment-builder.ts";
import type { RowContext, StreamTable } from "./warehouse.ts";

/** What a RECORD carries beside its row. */
type Envelope = Pick<RowContext, "timeExtracted" | "version">;

interface Lane {
  readonly stream: string;
  readonly table: StreamTable;
  /** The bytes of a line up to and with the opening brace of its row. */
  readonly prefix: BytePattern;
  /** What followed the last row, and what it said. */
  tail: BytePattern;
  envelope: Envelope;
}

/** A record's line up to its row: members with plain values, then `"record": {`. */
const upToRow =
  /^\s*\{\s*(?:"(?:type|stream|version|time_extracted)"\s*:\s*(?:"[^"\\]*"|\d+)\s*,\s*)*"record"\s*:\s*\{/;
const longestPrefix = 1000;

/** The lanes of all streams, the one used last in front. */
export class RecordLanes {
  #lanes: readonly Lane[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);

  /**
   * Collects the row of the line from `start` to `end` if a lane fits and its reader understands the row.
   * @returns false: nothing has happened, the line goes the plain way
   */
  accept(
    bytes: Buffer,
    start: number,
    end: number,
    segment: SegmentBuilder,
    contextOf: (envelope: Envelope) => RowContext,
  ): boolean {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    const lane = this.#find(this.#view, start);
    if (lane === undefined) return false;
    const rowStart = start + lane.prefix.length - 1;
    return segment.takeRow(lane.stream, lane.table, bytes, rowStart, end, (rowEnd) =>
      this.#readTail(lane, rowEnd, end) ? contextOf(lane.envelope) : undefined,
    );
  }

  /** Remembers how the stream's records begin, from one that went the plain way. */
  learn(line: Buffer, stream: string, table: StreamTable): void {
    if (this.#find(viewOf(line), 0)?.stream === stream) return;
    const [prefix] = upToRow.exec(line.toString("latin1", 0, longestPrefix)) ?? [];
    if (prefix === undefined) return;
    this.close(stream);
    const learnt = {
      stream,
      table,
      prefix: new BytePattern(line.subarray(0, prefix.length)),
      tail: new BytePattern(Buffer.alloc(0)),
      envelope: {},
    };
    this.#lanes = [learnt, ...this.#lanes];
  }

  /** Forgets the stream's lane: its table has changed. */
  close(stream: string): void {
    this.#lanes = this.#lanes.filter((lane) => lane.stream !== stream);
  }

  #find(view: DataView, start: number): Lane | undefined {
    for (let index = 0; index < this.#lanes.length; index += 1) {
      const lane = this.#lanes[index]!;
      if (!lane.prefix.isAt(view, start)) continue;
      if (index > 0) this.#lanes = [lane, ...this.#lanes.filter((other) => other !== lane)];
      return lane;
    }
    return undefined;
  }

  /** Takes note of what stands behind the row; false if it is not understood. */
  #readTail(lane: Lane, rowEnd: number, end: number): boolean {
    if (lane.tail.length === end - rowEnd && lane.tail.isAt(this.#view, rowEnd)) return true;
    const tail = this.#bytes.subarray(rowEnd, end);
    const text = tail.toString("latin1");
    // A second "record" would replace the row, an escape could hide one.
    if (text.includes('"record"') || text.includes("\\")) return false;
    try {
      const message = parseMessage(`${lane.prefix.toString("latin1")}}${text}`, 0);
      if (message.type !== "RECORD" || message.stream !== latin1(lane.stream)) return false;
      lane.envelope = { timeExtracted: message.timeExtracted, version: message.version };
      lane.tail = new BytePattern(tail);
      return true;
    } catch {
      return false; // the plain way says what is wrong
    }
  }
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
