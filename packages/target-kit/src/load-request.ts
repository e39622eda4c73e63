/** What a load is given. */
import type { Log, MessageWriter } from "@bizops/singer";
import type { BatchLimits, Warehouse } from "./warehouse.ts";

export interface LoadRequest {
  readonly input: AsyncIterable<Buffer>;
  readonly warehouse: Warehouse;
  readonly limits: BatchLimits;
  readonly validateRecords: boolean;
  readonly maxRejected: number;
  readonly maxLineBytes: number;
  /** Where STATE values go. */
  readonly output: MessageWriter;
  readonly log: Log;
  readonly signal: AbortSignal;
}
