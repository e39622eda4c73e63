/** Kills at planned moments of one run: a process, the way between both, a COMMIT, the answer to one. */
import type { ChildProcess } from "node:child_process";
import type { OwnServer } from "@bizops/testkit";
import type { CuttingProxy } from "./cutting-proxy.ts";

export const killKinds = ["target", "server", "connection", "commit", "answer"] as const;
export type KillKind = (typeof killKinds)[number];

/** A kill to come. */
export interface Kill {
  readonly kind: KillKind;
  /** After so many more STATEs have come out, */
  readonly afterStates: number;
  /** and so many milliseconds. */
  readonly delay: number;
}

/** Chooses the next kill, if there is to be one, after so many of the same run. */
export type Plan = (struck: number) => Kill | undefined;

/** The kills of one run, one after the other as long as the target is at work. */
export class Strikes {
  readonly #server: OwnServer;
  readonly #proxy: CuttingProxy;
  readonly #plan: Plan;
  readonly #struck: KillKind[] = [];
  #restarting: Promise<void> = Promise.resolve();
  #states = 0;
  /** How many STATEs there must be for the next kill. */
  #due = Number.POSITIVE_INFINITY;
  #next: Kill | undefined;
  #ended = false;

  constructor(server: OwnServer, proxy: CuttingProxy, plan: Plan) {
    this.#server = server;
    this.#proxy = proxy;
    this.#plan = plan;
  }

  /** Waits for the moments. */
  watch(child: ChildProcess): void {
    child.once("close", () => {
      this.#ended = true;
    });
    child.stdout!.on("data", (chunk) => {
      this.#states += String(chunk).split("\n").length - 1;
      this.#strikeIfDue(child);
    });
    this.#arm(child);
  }

  /** What was killed; the server is up again. */
  async settle(): Promise<readonly KillKind[]> {
    this.#proxy.disarm();
    await this.#restarting;
    return this.#struck;
  }

  #arm(child: ChildProcess): void {
    if (this.#ended) return;
    this.#next = this.#plan(this.#struck.length);
    if (this.#next === undefined) return;
    this.#due = this.#states + this.#next.afterStates;
    this.#strikeIfDue(child);
  }

  #strikeIfDue(child: ChildProcess): void {
    if (this.#states < this.#due) return;
    this.#due = Number.POSITIVE_INFINITY;
    const { kind, delay } = this.#next!;
    setTimeout(() => {
      if (!this.#ended) this.#strike(kind, child);
    }, delay);
  }

  #strike(kind: KillKind, child: ChildProcess): void {
    const goOn = () => {
      this.#struck.push(kind);
      this.#arm(child);
    };
    switch (kind) {
      case "target":
        if (child.kill("SIGKILL")) this.#struck.push(kind);
        break;
      case "server":
        this.#restarting = this.#server
          .kill()
          .then(() => this.#server.restart({}))
          .then(goOn);
        break;
      case "connection":
        if (this.#proxy.cut()) goOn();
        else this.#arm(child);
        break;
      case "commit":
        this.#proxy.cutNextCommit("question", goOn);
        break;
      case "answer":
        this.#proxy.cutNextCommit("answer", goOn);
        break;
    }
  }
}
