/** Several targets at once: all have read their opening before any goes on. */
import type { ChildProcess } from "node:child_process";
import type { ProgramResult } from "@bizops/testkit";
import { lines, type useTarget } from "../use-target.ts";

type Target = ReturnType<typeof useTarget>["target"];

/** What a target reads before any goes on, for instance SCHEMAs, and its settings. */
export interface Opening {
  readonly opening: string;
  readonly settings: { readonly [name: string]: string };
}

/** A target that waits for the rest of its input. */
export interface Waiting {
  /** Gives it the rest; returns how it ended. */
  goOn(rest: string): Promise<ProgramResult>;
}

/** A message targets pass by with a warning: they have come so far. */
const marker = "THUS_FAR";

/** Starts one target for each opening. */
export function startTogether(target: Target, openings: readonly Opening[]): Promise<Waiting[]> {
  return Promise.all(
    openings.map(
      ({ opening, settings }) =>
        new Promise<Waiting>((resolve) => {
          const ended = target(
            "",
            { ...settings },
            {
              input: opening + lines({ type: marker }),
              keepInputOpen: true,
              onStart(child) {
                const goOn = (rest: string) => {
                  child.stdin!.end(rest);
                  return ended;
                };
                untilMarker(child).then(() => resolve({ goOn }));
              },
            },
          );
        }),
    ),
  );
}

/** Until it has warned of the marker, or has ended. */
function untilMarker(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let seen = "";
    child.stderr!.on("data", (chunk) => {
      seen += chunk;
      if (seen.includes(marker)) resolve();
    });
    child.once("close", () => resolve());
  });
}
