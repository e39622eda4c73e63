/** The command `target-postgres`. */
import { runProgram } from "@bizops/singer";
import { runTarget } from "@bizops/target-kit";
import { target } from "./target.ts";

await runProgram((context) => runTarget(target, context));
