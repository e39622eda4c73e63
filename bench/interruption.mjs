/** Ctrl-C as an AbortSignal, so that the server is stopped and the files are deleted all the same. */
import { InterruptedError } from "@bizops/singer";

const controller = new AbortController();
for (const name of ["SIGINT", "SIGTERM"]) {
  process.once(name, () => controller.abort(new InterruptedError(name)));
}

/** Aborted with an InterruptedError by the first SIGINT or SIGTERM. */
export const interruption = controller.signal;
