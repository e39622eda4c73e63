/**
 * The quick way of RECORD lines. A tap begins each record of a stream with the same bytes up to the row, so a
 * line that begins with the bytes of a known lane is a record of that lane's stream: its row goes to the
 * collector's reader as bytes. Whatever is not as expected goes the plain way instead.
 */
import { parseMessage } from "@bizops/singer";
import type { SegmentBuilder } from "./segment-builder.ts";
import type { RowContext, StreamTable } from "./warehouse.ts";

/** What a RECORD carries beside its row. */
type Envelope = Pick<RowContext, "timeExtracted" | "version">;

interface Lane {
  readonly stream: string;
  readonly table: StreamTable;
  /** The bytes of a line up to and with the opening brace of its row. */
  readonly prefix: Buffer;
  /** What followed the last row, and what it said. */
  tail: Buffer;
  envelope: Envelope;
}

/** A record's line up to its row: members with plain values, then `"record": {`. */
const upToRow =
  /^\s*\{\s*(?:"(?:type|stream|version|time_extracted)"\s*:\s*(?:"[^"\\]*"|\d+)\s*,\s*)*"record"\s*:\s*\{/;
const longestPrefix = 1000;

/** The lanes of all streams, the one used last in front. */
export class RecordLanes {
  #lanes: Lane[] = [];

  /**
   * Collects the row of a line if a lane fits and the reader understands it.
   * @returns false: nothing has happened, the line goes the plain way
   */
  accept(
    line: Buffer,
    segment: SegmentBuilder,
    contextOf: (envelope: Envelope) => RowContext,
  ): boolean {
    const lane = this.#find(line);
    if (lane === undefined) return false;
    const { reader } = segment.collectorOf(lane.stream, lane.table);
    if (reader === undefined) return false;
    const end = reader.read(line, lane.prefix.length - 1, line.length);
    if (end === -1 || !readTail(lane, line, end)) return false;
    if (!reader.keep(contextOf(lane.envelope))) return false;
    segment.countRow();
    return true;
  }

  /** Remembers how the stream's records begin, from one that went the plain way. */
  learn(line: Buffer, stream: string, table: StreamTable): void {
    const lane = this.#find(line);
    if (lane?.stream === stream) return;
    const [prefix] = upToRow.exec(line.toString("latin1", 0, longestPrefix)) ?? [];
    if (prefix === undefined) return;
    this.close(stream);
    const bytes = Buffer.from(line.subarray(0, prefix.length));
    this.#lanes.unshift({ stream, table, prefix: bytes, tail: Buffer.alloc(0), envelope: {} });
  }

  /** Forgets the stream's lane: its table has changed. */
  close(stream: string): void {
    this.#lanes = this.#lanes.filter((lane) => lane.stream !== stream);
  }

  #find(line: Buffer): Lane | undefined {
    const index = this.#lanes.findIndex(({ prefix }) => startsWith(line, prefix));
    const lane = this.#lanes[index];
    if (lane !== undefined && index > 0) {
      this.#lanes.splice(index, 1);
      this.#lanes.unshift(lane);
    }
    return lane;
  }
}

/** Takes note of what stands behind the row; false if it is not understood. */
function readTail(lane: Lane, line: Buffer, rowEnd: number): boolean {
  if (endsWith(line, rowEnd, lane.tail)) return true;
  const tail = line.toString("latin1", rowEnd);
  // A second "record" would replace the row, an escape could hide one.
  if (tail.includes('"record"') || tail.includes("\\")) return false;
  try {
    const message = parseMessage(`${lane.prefix.toString("latin1")}}${tail}`, 0);
    if (message.type !== "RECORD" || message.stream !== latin1(lane.stream)) return false;
    lane.envelope = { timeExtracted: message.timeExtracted, version: message.version };
    lane.tail = Buffer.from(line.subarray(rowEnd));
    return true;
  } catch {
    return false; // the plain way says what is wrong
  }
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function startsWith(line: Buffer, prefix: Buffer): boolean {
  const { length } = prefix;
  if (line.length < length) return false;
  // Streams differ near the end of their prefixes.
  for (let at = length - 1; at >= 0; at -= 1) if (line[at] !== prefix[at]) return false;
  return true;
}

function endsWith(line: Buffer, from: number, tail: Buffer): boolean {
  const { length } = tail;
  if (length === 0 || line.length - from !== length) return false;
  for (let at = 0; at < length; at += 1) if (line[from + at] !== tail[at]) return false;
  return true;
}
