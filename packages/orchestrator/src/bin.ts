/** The command `bizops`. */
import { runProgram } from "@bizops/singer";
import { runBizops } from "./cli.ts";

await runProgram(runBizops);
