/** Runs cases in turn, round after round, so that a machine that drifts touches all of them alike. */
import { interruption } from "../interruption.mjs";

/**
 * A case has `name`, `rows` and `run()`; `prepare()` and `check()` are not timed, and a checkpoint stands
 * before each run. A case with `against` gets its ratio to the case of that name in the same round.
 * @returns for each case its medians, its ratios and all its runs
 */
export async function takeTurns(database, cases, repeat) {
  const runs = new Map(cases.map(({ name }) => [name, []]));
  // The server's first load finds no WAL files to use again; it is nobody's.
  await takeTurn(database, cases[0]);
  for (let round = 1; round <= repeat; round += 1) {
    for (const each of cases) {
      const result = await takeTurn(database, each);
      runs.get(each.name).push(result);
      console.error(`${round}/${repeat} ${each.name}: ${result.seconds.toFixed(2)} s`);
    }
  }
  return cases.map((each) => summarise(each, runs.get(each.name), runs.get(each.against)));
}

async function takeTurn(database, { prepare, run, check }) {
  interruption.throwIfAborted();
  await prepare?.();
  database.sql("CHECKPOINT");
  const result = await run();
  check?.();
  return result;
}

function summarise({ name, rows, against }, runs, baseline) {
  const count = typeof rows === "function" ? rows() : rows;
  const seconds = median(runs.map((run) => run.seconds));
  const ratios = baseline?.map((base, round) => runs[round].seconds / base.seconds);
  const [{ cpuSeconds, peakMiB }] = runs;
  return {
    name,
    rows: count,
    seconds,
    rowsPerSecond: count / seconds,
    against,
    ratio: ratios && median(ratios),
    ratios,
    cpuSeconds: cpuSeconds === undefined ? undefined : median(runs.map((run) => run.cpuSeconds)),
    peakMiB: peakMiB.map((_, index) => Math.max(...runs.map((run) => run.peakMiB[index]))),
    runs,
  };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
