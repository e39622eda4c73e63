/** The command `bizops-superset`, that is `bizops superset`. */
import { runProgram } from "@bizops/singer";
import { runSuperset } from "./superset-cli.ts";

await runProgram(runSuperset);
