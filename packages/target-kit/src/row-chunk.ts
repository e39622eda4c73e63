/** A stretch of a batch file: what is read between two looks at the limits of a segment. */
import type { Row } from "@bizops/singer";

export interface RowChunk {
  /** Bytes of text, unpacked. */
  readonly size: number;
  /** To be gone through once, before the next chunk is asked for. @throws ContractError on a broken line */
  readonly rows: Iterable<Row>;
}
