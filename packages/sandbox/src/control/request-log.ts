/** Counts calls by the template of their path, so that tests can say how many a program made. */

export interface RequestLog {
  note(method: string, template: string): void;
  /** Counts by `METHOD template`, in order of first call. */
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

export function makeRequestLog(): RequestLog {
  const counts = new Map<string, number>();
  return {
    note: (method, template) => {
      const name = `${method} ${template}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    counts: () => Object.fromEntries(counts),
    clear: () => counts.clear(),
  };
}
