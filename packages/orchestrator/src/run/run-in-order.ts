/** Jobs that wait for one another, a few at a time. */

/** Something to do, once what it waits for is done. */
export interface Job<Result> {
  readonly name: string;
  /** Names of jobs; those that are not among the jobs are not waited for. */
  readonly after: readonly string[];
  /** @param before results of what it waited for */
  run(before: readonly Result[]): Promise<Result>;
}

/**
 * Runs all jobs, at most `parallel` at once, each as soon as those before it are done and a place is free. The
 * jobs must not wait for one another in a circle.
 * @returns results in the jobs' order
 * @throws the first error of a job; those that run are waited for, no further one is started
 */
export async function runInOrder<Result>(
  jobs: readonly Job<Result>[],
  parallel: number,
): Promise<Result[]> {
  const done = new Map<string, Result>();
  const names = new Set(jobs.map(({ name }) => name));
  const running = new Map<string, Promise<void>>();
  const errors: unknown[] = [];
  let waiting = [...jobs];
  while (waiting.length > 0 || running.size > 0) {
    const ready = waiting
      .filter(({ after }) => after.every((name) => !names.has(name) || done.has(name)))
      .slice(0, parallel - running.size);
    waiting = waiting.filter((job) => !ready.includes(job));
    for (const job of ready) {
      const before = job.after.flatMap((name) => (done.has(name) ? [done.get(name)!] : []));
      const end = job
        .run(before)
        .then((result) => void done.set(job.name, result))
        .catch((error) => void errors.push(error))
        .finally(() => running.delete(job.name));
      running.set(job.name, end);
    }
    await Promise.race(running.values());
    if (errors.length > 0) {
      await Promise.all(running.values());
      throw errors[0];
    }
  }
  return jobs.map(({ name }) => done.get(name)!);
}
