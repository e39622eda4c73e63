/** Logs to stderr: Singer's plain form, or one JSON object a line with `LOG_FORMAT=json`. */

const levels = ["debug", "info", "warning", "error", "critical"] as const;

/** Python's level names, which Singer tools expect. */
export type LogLevel = (typeof levels)[number];

/** Facts beside a message: counts, names of streams and settings. Never a value out of a record. */
export type LogFields = { readonly [name: string]: string | number | boolean | readonly string[] };

/** A measurement: `INFO METRIC: {"type": "counter" | "timer", ...}`. */
export interface Metric {
  readonly type: "counter" | "timer";
  /** Singer's names: `record_count`, `job_duration`, `http_request_duration`, ... */
  readonly metric: string;
  /** A count, or seconds. */
  readonly value: number;
  readonly tags: { readonly [tag: string]: string | number };
}

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  metric(metric: Metric): void;
}

/**
 * @param environment `LOG_FORMAT` (`json`) and `LOGLEVEL` (`debug` ... `critical`; default `info`) are read
 * @param write takes one line, newline included; default: stderr
 * @param now the clock for the JSON form
 */
export function createLog(
  environment: NodeJS.ProcessEnv = process.env,
  write: (line: string) => void = (line) => void process.stderr.write(line),
  now: () => Date = () => new Date(),
): Log {
  const asJson = environment.LOG_FORMAT === "json";
  const wanted = environment.LOGLEVEL?.toLowerCase().replace(/^warn$/, "warning") as LogLevel;
  const threshold = Math.max(levels.indexOf(wanted), wanted === "debug" ? 0 : 1);

  const put = (level: LogLevel, text: string, fields: object, plain: string) => {
    if (levels.indexOf(level) < threshold) return;
    const line = asJson
      ? JSON.stringify({ time: now().toISOString(), level, message: text, ...fields })
      : `${level.toUpperCase()} ${oneLine(plain)}`;
    write(`${line}\n`);
  };
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      put(level, message, fields, message + renderFields(fields));

  return {
    debug: at("debug"),
    info: at("info"),
    warning: at("warning"),
    error: at("error"),
    critical: at("critical"),
    metric: (metric) => put("info", "METRIC", { metric }, `METRIC: ${JSON.stringify(metric)}`),
  };
}

function renderFields(fields: LogFields): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${Array.isArray(value) ? value.join(",") : value}`)
    .join("");
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ");
}
