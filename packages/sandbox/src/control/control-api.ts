/** The sandbox's own paths, under /sandbox: what is in it, moving its clock, ordering faults. */
import type { Call, Reply } from "../http/exchange.ts";
import { emptyReply, jsonReply, textReply } from "../http/exchange.ts";
import type { Route } from "../http/routes.ts";
import type { Vendor } from "../vendor.ts";
import type { World } from "../world/world.ts";
import { type Faults, readFaults } from "./faults.ts";
import type { RequestLog } from "./request-log.ts";

export interface ControlOptions {
  readonly vendors: readonly Vendor[];
  readonly faults: Faults;
  readonly log: RequestLog;
  world(): World;
  /** Moves the clock; cursors already open stay on the world they were opened in. */
  advance(days: number): void;
  baseUrl(): string;
}

export function makeControlApi(options: ControlOptions): readonly Route[] {
  const { faults, log, vendors } = options;
  return [
    { method: "GET", template: "/sandbox", answer: () => jsonReply(200, overview(options)) },
    {
      method: "POST",
      template: "/sandbox/advance",
      answer: (call) =>
        orRefuse(() => {
          const steps = (parse(call) as { steps?: unknown } | null)?.steps ?? 1;
          if (typeof steps !== "number" || !Number.isInteger(steps) || steps < 0) {
            throw new RangeError(
              `steps must be a whole number of days, not ${JSON.stringify(steps)}`,
            );
          }
          options.advance(steps);
          const { step, now } = options.world();
          return jsonReply(200, { step, now: new Date(now).toISOString() });
        }),
    },
    {
      method: "GET",
      template: "/sandbox/truth/{vendor}/{object}",
      answer: (_call, { vendor, object }) => {
        const more = vendors.find(({ name }) => name === vendor)?.truth(object!) ?? null;
        if (more === null) return refuse(404, `no object ${object} of ${vendor}`);
        return { ...textReply(200, "", "application/x-ndjson;charset=UTF-8"), more };
      },
    },
    { method: "GET", template: "/sandbox/requests", answer: () => jsonReply(200, log.counts()) },
    {
      method: "DELETE",
      template: "/sandbox/requests",
      answer: () => {
        log.clear();
        return emptyReply(204);
      },
    },
    {
      method: "POST",
      template: "/sandbox/expire-sessions",
      answer: () => {
        for (const vendor of vendors) vendor.expireSessions();
        return emptyReply(204);
      },
    },
    {
      method: "GET",
      template: "/sandbox/faults",
      answer: () =>
        jsonReply(
          200,
          faults.list().map((fault) => ({ ...fault, path: fault.path.source })),
        ),
    },
    {
      method: "POST",
      template: "/sandbox/faults",
      answer: (call) =>
        orRefuse(() => {
          faults.add(readFaults(parse(call)));
          return emptyReply(204);
        }),
    },
    {
      method: "DELETE",
      template: "/sandbox/faults",
      answer: () => {
        faults.clear();
        return emptyReply(204);
      },
    },
  ];
}

function overview({ vendors, world, baseUrl }: ControlOptions): Record<string, unknown> {
  const { seed, size, step, now } = world();
  const url = baseUrl();
  const paths = Object.entries(Object.assign({}, ...vendors.map((vendor) => vendor.paths)));
  return {
    seed,
    size,
    step,
    now: new Date(now).toISOString(),
    counts: Object.fromEntries(vendors.map(({ name, counts }) => [name, counts()])),
    urls: {
      control: `${url}/sandbox`,
      ...Object.fromEntries(paths.map(([purpose, path]) => [purpose, `${url}${path}`])),
    },
    credentials: Object.fromEntries(vendors.map(({ name, credentials }) => [name, credentials])),
  };
}

function parse(call: Call): unknown {
  if (call.body.trim() === "") return null;
  try {
    return JSON.parse(call.body);
  } catch {
    throw new RangeError("the body is not JSON");
  }
}

function orRefuse(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RangeError) return refuse(400, error.message);
    throw error;
  }
}

function refuse(status: number, message: string): Reply {
  return jsonReply(status, { error: message });
}
