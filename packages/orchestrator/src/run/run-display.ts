/** What runs show while they last: a live table on a terminal, events as JSON lines elsewhere. */
import { clearScreenDown, moveCursor } from "node:readline";
import type { Progress } from "./progress.ts";
import type { RunEvent, Tell } from "./run-event.ts";
import { sumRows } from "./run-report.ts";

export interface RunDisplay {
  readonly tell: Tell;
  /** Follows a pipeline's counts until it has ended. */
  follow(pipeline: string, progress: Progress): void;
  stop(): void;
}

const secondsBetweenEvents = 30;

/** @param output a terminal or not */
export function openRunDisplay(output: NodeJS.WriteStream): RunDisplay {
  const followed = new Map<string, Progress>();
  const show = output.isTTY ? showTable(output, followed) : showEvents(output, followed);
  return {
    tell(event) {
      if (event.event === "ended") followed.delete(event.pipeline);
      show.tell(event);
    },
    follow: (pipeline, progress) => void followed.set(pipeline, progress),
    stop: show.stop,
  };
}

type Show = Pick<RunDisplay, "tell" | "stop">;

function showEvents(output: NodeJS.WriteStream, followed: ReadonlyMap<string, Progress>): Show {
  const tell: Tell = (event) =>
    void output.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  const timer = setInterval(() => {
    for (const [pipeline, { rowsByStream }] of followed) {
      const streams = Object.keys(rowsByStream).length;
      tell({ event: "progress", pipeline, rows: sumRows(rowsByStream), streams });
    }
  }, secondsBetweenEvents * 1000);
  return { tell, stop: () => clearInterval(timer) };
}

function showTable(output: NodeJS.WriteStream, followed: ReadonlyMap<string, Progress>): Show {
  let drawn = 0;
  const clear = () => {
    moveCursor(output, 0, -drawn);
    clearScreenDown(output);
    drawn = 0;
  };
  const draw = () => {
    clear();
    // A line that wraps, or scrolls away, would make the cursor lose its place.
    const lines = [...followed]
      .flatMap(([pipeline, progress]) => [pipeline, ...progress.render()])
      .slice(-(output.rows - 1))
      .map((line) => line.slice(0, output.columns - 1));
    output.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const timer = setInterval(draw, 200);
  return {
    tell(event) {
      const line = describeEvent(event);
      if (line === undefined) return;
      clear();
      output.write(`${line}\n`);
      draw();
    },
    stop() {
      clearInterval(timer);
      draw();
    },
  };
}

/** Undefined: the table says it. */
function describeEvent(event: RunEvent): string | undefined {
  const { pipeline } = event;
  switch (event.event) {
    case "said":
      return `${pipeline} ${event.source}: ${event.line}`;
    case "crash-found":
      return `${pipeline}: run ${event.run} had crashed; its programs are ended, its rows kept`;
    case "log-lost":
      return `${pipeline}: ${event.reason}; the run goes on without`;
    case "waiting":
      return `${pipeline}: exit code ${event.exitCode}; tried again in ${event.seconds} s`;
    default:
      return undefined;
  }
}
