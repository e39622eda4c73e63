/** The command `bizops-mapping`, that is `bizops mapping`. */
import { runProgram } from "@bizops/singer";
import { runMapping } from "./cli.ts";

await runProgram(runMapping);
