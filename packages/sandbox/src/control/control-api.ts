/** The sandbox's own paths, under /sandbox: what is in it, moving its clock, ordering faults. */
import type { Call, Reply } from "../http/exchange.ts";
import { emptyReply, jsonReply, textReply } from "../http/exchange.ts";
import type { Route } from "../http/routes.ts";
import type { Credentials } from "../salesforce/api/credentials.ts";
import type { Sessions } from "../salesforce/api/sessions.ts";
import { ALL_OBJECTS, findObject } from "../salesforce/objects/all-objects.ts";
import { makeJsonWriter } from "../salesforce/render-json.ts";
import type { SObject } from "../salesforce/sobject.ts";
import type { World } from "../world/world.ts";
import { type Faults, readFaults } from "./faults.ts";
import type { RequestLog } from "./request-log.ts";

export interface ControlOptions {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly log: RequestLog;
  world(): World;
  /** Moves the clock; cursors already open stay on the world they were opened in. */
  advance(days: number): void;
  baseUrl(): string;
}

export function makeControlApi(options: ControlOptions): readonly Route[] {
  const { faults, log, sessions } = options;
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
      template: "/sandbox/truth/salesforce/{object}",
      answer: (_call, { object }) => {
        const found = findObject(object!);
        if (!found) return refuse(404, `no object ${object}`);
        const reply = textReply(200, "", "application/x-ndjson;charset=UTF-8");
        return { ...reply, more: truth(found, options.world()) };
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
        sessions.expire();
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

function overview(options: ControlOptions): Record<string, unknown> {
  const world = options.world();
  const counts: Record<string, number> = {};
  for (const object of ALL_OBJECTS) counts[object.name] = object.table(world).count;
  const url = options.baseUrl();
  return {
    seed: world.seed,
    size: world.size,
    step: world.step,
    now: new Date(world.now).toISOString(),
    counts: { salesforce: counts },
    urls: {
      control: `${url}/sandbox`,
      salesforce: url,
      salesforceToken: `${url}/services/oauth2/token`,
    },
    credentials: options.credentials,
  };
}

/** All rows with all fields, one JSON object a line, deleted ones too, in order of ids. */
function* truth(object: SObject, world: World): Generator<string> {
  const table = object.table(world);
  const write = makeJsonWriter(object, object.fields, "v61.0");
  let text = "";
  for (let position = 0; position < table.count; position++) {
    text += `${write(table.row(position))}\n`;
    if (text.length > 262_144) {
      yield text;
      text = "";
    }
  }
  yield text;
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
