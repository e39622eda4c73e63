/** What a run shows while it lasts: a live table on a terminal, plain lines elsewhere. */
import { clearScreenDown, moveCursor } from "node:readline";

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

/** Shows progress until stopped. */
export interface Display {
  /** A line that stays: a warning, an error, the end of a pipeline. */
  note(line: string): void;
  stop(): void;
}

/**
 * @param output where to; a terminal gets a table redrawn in place, anything else a line now and then
 * @param lines what to show now
 */
export function showProgress(output: NodeJS.WriteStream, lines: () => string[]): Display {
  if (!output.isTTY) {
    const timer = setInterval(() => {
      for (const line of lines()) output.write(`${line}\n`);
    }, 30_000);
    return {
      note: (line) => void output.write(`${line}\n`),
      stop: () => clearInterval(timer),
    };
  }
  let drawn = 0;
  const clear = () => {
    moveCursor(output, 0, -drawn);
    clearScreenDown(output);
    drawn = 0;
  };
  const draw = () => {
    clear();
    // A line that wraps would make the cursor lose its place.
    const fitting = lines().map((line) => line.slice(0, output.columns - 1));
    output.write(fitting.map((line) => `${line}\n`).join(""));
    drawn = fitting.length;
  };
  const timer = setInterval(draw, 200);
  return {
    note(line) {
      clear();
      output.write(`${line}\n`);
      draw();
    },
    stop() {
      clearInterval(timer);
      draw();
    },
  };
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
