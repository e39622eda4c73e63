/** Misfortunes to order: which calls meet them, how often, and of what kind. */

export const FAULT_KINDS = [
  "status",
  "reset",
  "reset-mid-body",
  "truncate",
  "slow",
  "expire-session",
  "quota",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly method: string | null;
  /** Tested against the path and query string. */
  readonly path: RegExp;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly afterBytes: number;
  readonly delayMs: number;
  /** How many calls it still strikes. */
  left: number;
}

export interface Faults {
  add(faults: readonly Fault[]): void;
  clear(): void;
  /** The first fault that strikes a call, spending one of its times. */
  strike(method: string, url: string): Fault | null;
  list(): readonly Fault[];
}

export function makeFaults(): Faults {
  let armed: Fault[] = [];
  return {
    add: (faults) => {
      armed.push(...faults);
    },
    clear: () => {
      armed = [];
    },
    list: () => armed,
    strike: (method, url) => {
      const fault = armed.find(
        (each) => each.left > 0 && (!each.method || each.method === method) && each.path.test(url),
      );
      if (!fault) return null;
      fault.left--;
      return fault;
    },
  };
}

/**
 * Reads one fault, or a list of them, as posted to /sandbox/faults.
 * @throws RangeError that names the setting that is wrong
 */
export function readFaults(body: unknown): Fault[] {
  return (Array.isArray(body) ? body : [body]).map(readFault);
}

const SETTINGS = new Set([
  "match",
  "times",
  "kind",
  "status",
  "headers",
  "body",
  "afterBytes",
  "delayMs",
]);

function readFault(given: unknown): Fault {
  if (typeof given !== "object" || given === null) throw new RangeError("a fault is an object");
  const fault = given as Record<string, unknown>;
  for (const name of Object.keys(fault)) {
    if (!SETTINGS.has(name)) throw new RangeError(`a fault has no setting ${name}`);
  }
  const kind = FAULT_KINDS.find((known) => known === fault.kind);
  if (!kind) throw new RangeError(`kind must be one of ${FAULT_KINDS.join(", ")}`);
  const match = (fault.match ?? {}) as { method?: string; path?: string };
  return {
    kind,
    method: match.method?.toUpperCase() ?? null,
    path: patternOf(match.path ?? ""),
    status: numberOf(fault, "status", 503),
    headers: (fault.headers ?? {}) as Record<string, string>,
    body: typeof fault.body === "string" ? fault.body : null,
    afterBytes: numberOf(fault, "afterBytes", 100),
    delayMs: numberOf(fault, "delayMs", 1000),
    left: numberOf(fault, "times", 1),
  };
}

function patternOf(path: string): RegExp {
  try {
    return new RegExp(path);
  } catch {
    throw new RangeError(`match.path is not a regular expression: ${path}`);
  }
}

function numberOf(fault: Record<string, unknown>, name: string, usual: number): number {
  const value = fault[name] ?? usual;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`${name} must be a whole number, not ${JSON.stringify(value)}`);
}
