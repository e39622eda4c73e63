/** How far a run is, stream by stream. */

/** Rows read so far of one stream. */
interface StreamProgress {
  rows: number;
  readonly started: number;
  ended?: number;
}

/** The streams of one pipeline, counted from the tap's METRIC lines. */
export class Progress {
  readonly #streams = new Map<string, StreamProgress>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a line of the tap's log; returns whether it was a measurement. */
  accept(line: string): boolean {
    const metric = parseMetric(line);
    if (metric === undefined) return false;
    const stream = metric.tags?.endpoint ?? metric.tags?.stream ?? metric.tags?.job_type;
    if (stream === undefined) return true;
    const now = this.#now();
    if (metric.metric === "record_count") {
      const progress = this.#streams.get(stream) ?? { rows: 0, started: now };
      progress.rows += Number(metric.value);
      this.#streams.set(stream, progress);
    } else if (metric.metric === "job_duration") {
      const known = this.#streams.get(stream);
      const started = now - Number(metric.value) * 1000;
      this.#streams.set(stream, { rows: known?.rows ?? 0, started, ended: now });
    }
    return true;
  }

  get rowsByStream(): { [stream: string]: number } {
    return Object.fromEntries([...this.#streams].map(([stream, { rows }]) => [stream, rows]));
  }

  /** One line a stream: name, rows, rate, elapsed. */
  render(): string[] {
    return [...this.#streams].map(([stream, { rows, started, ended }]) => {
      const seconds = Math.max(0.001, ((ended ?? this.#now()) - started) / 1000);
      const mark = ended === undefined ? "…" : "✓";
      const rate = Math.round(rows / seconds).toLocaleString("en");
      return `  ${mark} ${stream.padEnd(28)} ${rows.toLocaleString("en").padStart(10)} rows ${rate.padStart(9)}/s ${formatSeconds(seconds).padStart(8)}`;
    });
  }
}

/** `4.2 s`, `3 min 5 s`. */
export function formatSeconds(seconds: number): string {
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

interface MetricLine {
  readonly metric?: string;
  readonly value?: number;
  readonly tags?: { readonly [tag: string]: string };
}

/** The forms of singer-python, of Meltano's SDK and of ours. */
function parseMetric(line: string): MetricLine | undefined {
  const at = line.indexOf("METRIC: {");
  if (at === -1) return undefined;
  try {
    return JSON.parse(line.slice(at + "METRIC: ".length));
  } catch {
    return undefined; // a line that merely looks like one
  }
}
