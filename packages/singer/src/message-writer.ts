/** The one owner of stdout: writes messages in order and waits when the reader is slower than we are. */
import type { Writable } from "node:stream";
import { asWriteError, BrokenPipeError } from "./errors.ts";

/** Writes text to one stream. Awaiting `write` is what keeps memory flat behind a slow reader. */
export interface MessageWriter {
  /** Why nothing can be written any more. */
  readonly failure: Error | undefined;
  /** Resolves when the stream can take more. @throws BrokenPipeError if the reader has gone */
  write(text: string): Promise<void>;
  /** Resolves when all that was written has been handed to the operating system. */
  flush(): Promise<void>;
}

/** @param output usually `process.stdout`; nothing else may write to it */
export function createMessageWriter(output: Writable): MessageWriter {
  let failure: Error | undefined;
  let wake: () => void = () => {};
  output.on("drain", () => wake());
  const fail = (error: NodeJS.ErrnoException) => {
    failure ??=
      error.code === "EPIPE"
        ? new BrokenPipeError("the program reading our output has gone away", { cause: error })
        : asWriteError(error, "our output");
    wake();
  };
  output.on("error", fail);

  const check = () => {
    if (failure) throw failure;
  };

  return {
    get failure() {
      return failure;
    },
    async write(text) {
      check();
      if (output.write(text)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (failure || !output.writableNeedDrain) resolve();
      });
      check();
    },
    async flush() {
      check();
      // The callback of an empty write runs after everything queued before it.
      await new Promise<void>((resolve) => {
        output.write("", (error) => {
          if (error) fail(error);
          resolve();
        });
      });
      check();
    },
  };
}
