/** `record_count` METRIC lines: at most one every few seconds a stream, and one at its end. */
import type { Log } from "@bizops/singer";

/** Counts one stream's records. */
export interface RecordCounter {
  add(records: number): void;
  /** Reports what has not been reported yet, and the seconds the stream took. */
  end(): void;
}

/**
 * @param seconds the least time between two lines; the sum of all lines' values is the total
 */
export function countRecords(
  log: Log,
  stream: string,
  seconds: number,
  now: () => number = Date.now,
): RecordCounter {
  const started = now();
  let reported = started;
  let pending = 0;

  const report = () => {
    log.metric({
      type: "counter",
      metric: "record_count",
      value: pending,
      tags: { endpoint: stream },
    });
    pending = 0;
    reported = now();
  };
  return {
    add(records) {
      pending += records;
      if (now() - reported >= seconds * 1000) report();
    },
    end() {
      report();
      const value = (now() - started) / 1000;
      log.metric({ type: "timer", metric: "job_duration", value, tags: { job_type: stream } });
    },
  };
}
