/** Input in steps: the next is written once the STATE that ends the one before has come out. */
import type { RunOptions } from "@bizops/testkit";

/** Text that ends with a STATE, or what makes it when its turn has come; it may write some itself before. */
export type Step = string | ((write: (text: string) => void) => Promise<string>);

/** Options for a run; its segments must be small enough that a step is committed when it has been read. */
export function feedInSteps(steps: readonly Step[]): Pick<RunOptions, "keepInputOpen" | "onStart"> {
  const left = [...steps];
  return {
    keepInputOpen: true,
    onStart(child) {
      const write = (text: string) => {
        child.stdin!.write(text);
      };
      const advance = async () => {
        const step = left.shift();
        if (step === undefined) child.stdin!.end();
        else write(typeof step === "string" ? step : await step(write));
      };
      child.stdout!.on("data", (chunk) => {
        if (String(chunk).includes("\n")) advance();
      });
      advance();
    },
  };
}
