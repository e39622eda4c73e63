/** The command `bizops-report`, that is `bizops report`. */
import { runProgram } from "@bizops/singer";
import { runReport } from "./run-report.ts";

await runProgram(runReport);
