/** The command `bizops-demo`, that is `bizops demo`. */
import { runProgram } from "@bizops/singer";
import { runDemo } from "./run-demo.ts";

await runProgram(runDemo);
