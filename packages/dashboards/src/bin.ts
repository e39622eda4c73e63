/** The command `bizops-dashboards`, that is `bizops dashboards`. */
import { runProgram } from "@bizops/singer";
import { runDashboards } from "./cli.ts";

await runProgram(runDashboards);
