/** `npm run bench`: how our programs compare with \copy and with others, as ratios of one run. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../scripts/setup.mjs";
import { runLoaderCases } from "./cases/loader-cases.mjs";
import { runRivalCases } from "./cases/rival-cases.mjs";
import { runScaleCases } from "./cases/scale-cases.mjs";
import { runTapCases } from "./cases/tap-cases.mjs";
import { openDatabase } from "./open-database.mjs";
import { readOptions } from "./read-options.mjs";
import { renderMarkdown } from "./report/render-table.mjs";
import { writeResults } from "./report/write-readme.mjs";

const runCases = {
  loader: runLoaderCases,
  scale: runScaleCases,
  rivals: runRivalCases,
  tap: runTapCases,
};

/** Everything a run makes is below one folder, and a run of other cases starts with an empty one. */
async function runInFolder(name, options) {
  const folder = mkdtempSync(join(tmpdir(), "bizops-bench-"));
  // Run by root, the server is another user's; it must reach its data here.
  chmodSync(folder, 0o755);
  let database;
  try {
    database = await openDatabase(folder);
    const machine = {
      cores: availableParallelism(),
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
      postgresql: database.sql("SHOW server_version"),
      date: new Date().toISOString().slice(0, 10),
    };
    return { cases: name, machine, ...(await runCases[name]({ folder, database }, options)) };
  } finally {
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeMachine({ machine, repeat }) {
  const { cores, platform, node, postgresql, date } = machine;
  const runs = repeat === 1 ? "one run" : `median of ${repeat} runs`;
  return `${date}: ${cores} cores, ${platform}, Node ${node}, PostgreSQL ${postgresql}, ${runs}`;
}

await main(async () => {
  const options = readOptions(process.argv.slice(2));
  const all = [];
  for (const name of options.cases) {
    const group = await runInFolder(name, options);
    all.push(group);
    const report = `${describeMachine(group)}.\n\n${renderMarkdown(group.results)}`;
    console.log(`\n${name}, ${report}`);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(all, undefined, 2)}\n`);
    if (options.write) writeResults(name, report);
  }
});
