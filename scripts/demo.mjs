/** `npm run demo`: sets up what is missing, then runs `bizops demo`. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { environment, main, root, setUp } from "./setup.mjs";

await main(() => {
  setUp();
  const bizops = join(root, "node_modules", ".bin", "bizops");
  const child = spawn(bizops, ["demo", ...process.argv.slice(2)], {
    cwd: root,
    env: environment,
    stdio: "inherit",
    detached: true,
  });
  // The first signal asks the demo to end in good order; it stops what it started before it goes.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
});
