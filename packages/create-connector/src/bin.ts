/** The command `create-connector`, which `npm create @bizops/connector` runs. */
import { runProgram } from "@bizops/singer";
import { createConnector } from "./create-connector.ts";

await runProgram(createConnector);
