/** The command `tap-zuora`. */
import { runProgram } from "@bizops/singer";
import { runTap } from "@bizops/tap-kit";
import { tap } from "./tap.ts";

await runProgram((context) => runTap(tap, context));
