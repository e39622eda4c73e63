/** The command line of the benchmark. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "@bizops/singer";

/** The cases there are, in the order they are run and reported. */
export const caseNames = ["loader", "scale", "rivals", "tap"];

const usage = `usage: npm run bench -w @bizops/bench -- [options]
  --cases NAMES  ${caseNames.join(", ")}; several with commas (default: loader)
  --rows N       rows of the loader cases (default 300000) and the rivals (100000)
  --repeat N     runs of which the median counts (default: 5; scale and rivals: 1)
  --sizes N,N    rows of the scale cases (default 100000,1000000,3000000)
  --size N       rows of the tap's sandbox (default 100000)
  --json FILE    write all runs to a file
  --write        rewrite these cases' results in bench/README.md`;

/** @returns cases, write, json and the numbers that were given @throws ConfigError with the usage */
export function readOptions(args) {
  const text = { type: "string" };
  const options = {
    cases: { type: "string", multiple: true, default: ["loader"] },
    rows: text,
    repeat: text,
    sizes: text,
    size: text,
    json: text,
    write: { type: "boolean", default: false },
  };
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new ConfigError(`${error.message}\n${usage}`);
  }
  const wanted = values.cases.flatMap((names) => names.split(","));
  const unknown = wanted.find((name) => !caseNames.includes(name));
  if (unknown !== undefined) throw new ConfigError(`there are no cases ${unknown}\n${usage}`);
  return {
    cases: caseNames.filter((name) => wanted.includes(name)),
    write: values.write,
    // npm changes to the folder of the package; the user is where INIT_CWD says.
    json: values.json && resolve(process.env.INIT_CWD ?? ".", values.json),
    rows: readCount("rows", values.rows),
    repeat: readCount("repeat", values.repeat),
    sizes: values.sizes?.split(",").map((count) => readCount("sizes", count)),
    size: readCount("size", values.size),
  };
}

function readCount(name, given) {
  if (given === undefined) return undefined;
  const count = Number(given);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConfigError(`--${name} must be a whole number above 0\n${usage}`);
}
