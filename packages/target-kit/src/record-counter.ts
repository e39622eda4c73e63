/** Counts committed rows by stream and says so now and then: progress on a long run, no flood on a quick one. */
import type { Log } from "@bizops/singer";

const intervalMs = 10_000;

export class RecordCounter {
  readonly #log: Log;
  readonly #counts = new Map<string, number>();
  #saidAt = Date.now();

  constructor(log: Log) {
    this.#log = log;
  }

  add(stream: string, rows: number): void {
    this.#counts.set(stream, (this.#counts.get(stream) ?? 0) + rows);
    if (Date.now() - this.#saidAt >= intervalMs) this.flush();
  }

  /** Logs what has been counted since the last time, as Singer's record_count metric. */
  flush(): void {
    for (const [endpoint, value] of this.#counts) {
      this.#log.metric({ type: "counter", metric: "record_count", value, tags: { endpoint } });
    }
    this.#counts.clear();
    this.#saidAt = Date.now();
  }
}
