/** `npm run test:chaos`: a hundred kills, or as many as asked for, and one line about them. */
import { parseArgs } from "node:util";
import { runKills } from "./run-kills.ts";
import { killKinds } from "./strikes.ts";
import { workloads } from "./workload.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    kills: { type: "string", default: "100" },
  },
});
const seed = Number(values.seed);
const started = Date.now();
process.stdout.write(`seed ${seed}\n`);
const { kills, loads, survived } = await runKills({ seed, kills: Number(values.kills), workloads });
const each = killKinds.map((kind) => `${kind} ${kills.filter((it) => it === kind).length}`);
const seconds = Math.round((Date.now() - started) / 1000);
process.stdout.write(
  `${kills.length} kills (${each.join(", ")}) in ${loads} loads, ${survived} runs survived theirs; every table is right (seed ${seed}, ${seconds} s)\n`,
);
