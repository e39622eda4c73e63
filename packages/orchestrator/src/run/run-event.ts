/** What happens in a run, as it is shown, logged and kept. Never a value out of a record. */
import type { RunStatus } from "@bizops/run-store";

export type RunEvent = { readonly pipeline: string } & (
  | { readonly event: "started"; readonly run?: number }
  | { readonly event: "crash-found"; readonly run: number }
  | { readonly event: "attempt"; readonly number: number }
  | { readonly event: "said"; readonly source: string; readonly line: string }
  | { readonly event: "progress"; readonly rows: number; readonly streams: number }
  | { readonly event: "log-lost"; readonly reason: string }
  | { readonly event: "waiting"; readonly exitCode: number; readonly seconds: number }
  | {
      readonly event: "ended";
      readonly status: RunStatus;
      readonly exitCode: number;
      readonly rows: number;
      readonly seconds: number;
    }
);

/** Takes events as they come. */
export type Tell = (event: RunEvent) => void;
