/** The command bizops-sandbox: reads its arguments, starts the server, says where it is, ends when told. */
import { parseArgs } from "node:util";
import { type Sandbox, type SandboxOptions, startSandbox } from "./start-sandbox.ts";

const HELP = `Usage: bizops-sandbox [options]

Serves an invented B2B software company through the API paths of Salesforce, Zuora and Marketo.

  --port N                  port to listen on (default 8080; 0 takes any free one)
  --host HOST               address to listen on (default 127.0.0.1)
  --size N                  rows over all objects, 1000 to 5000000 (default 5000)
  --seed N                  another seed is another company (default 1)
  --step N                  days the company's clock stands past 2026-06-30 (default 0)
  --session-seconds N       seconds until a session expires (default 7200)
  --api-limit N             API calls before REQUEST_LIMIT_EXCEEDED (default 100000)
  --marketo-calls N         calls Marketo takes in any 20 seconds (default 100)
  --rotate-refresh-tokens   each use of a refresh token brings a new one
  --exit-with-stdin         end when standard input closes
  --json                    print where it listens as one line of JSON
  --version, --help
`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  size: { type: "string" },
  seed: { type: "string" },
  step: { type: "string" },
  "session-seconds": { type: "string" },
  "api-limit": { type: "string" },
  "marketo-calls": { type: "string" },
  "rotate-refresh-tokens": { type: "boolean" },
  "exit-with-stdin": { type: "boolean" },
  json: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean" },
} as const;

export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  onSignal(signal: "SIGINT" | "SIGTERM", listener: () => void): void;
}

/** Runs until it is told to end; resolves to the exit code: 0, 2 usage, 4 cannot listen, 130 and 143 by signal. */
export async function runCommand(
  args: readonly string[],
  version: string,
  io: CommandIo,
): Promise<number> {
  let asked: Asked;
  try {
    asked = readArguments(args);
  } catch (error) {
    io.stderr.write(`bizops-sandbox: ${(error as Error).message}; see bizops-sandbox --help\n`);
    return 2;
  }
  if (asked.help || asked.version) {
    io.stdout.write(asked.help ? HELP : `${version}\n`);
    return 0;
  }
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox(asked.options);
  } catch (error) {
    const failure = explain(error as NodeJS.ErrnoException, asked.options);
    io.stderr.write(`bizops-sandbox: ${failure.message}\n`);
    return failure.code;
  }
  io.stdout.write(asked.json ? announceJson(sandbox) : announce(sandbox));
  const code = await untilToldToEnd(io, asked.exitWithStdin);
  await sandbox.close();
  return code;
}

interface Asked {
  readonly options: SandboxOptions;
  readonly json: boolean;
  readonly exitWithStdin: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

type WholeNumber =
  | "port"
  | "size"
  | "seed"
  | "step"
  | "session-seconds"
  | "api-limit"
  | "marketo-calls";

function readArguments(args: readonly string[]): Asked {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const whole = (name: WholeNumber) => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    throw new RangeError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  };
  const port = whole("port") ?? 8080;
  const callsPer20Seconds = whole("marketo-calls");
  if (port > 65_535) throw new RangeError(`--port goes up to 65535, not ${port}`);
  const given = {
    port,
    host: values.host,
    size: whole("size"),
    seed: whole("seed"),
    step: whole("step"),
    sessionSeconds: whole("session-seconds"),
    apiLimit: whole("api-limit"),
    rotateRefreshTokens: values["rotate-refresh-tokens"],
    marketo: callsPer20Seconds === undefined ? undefined : { callsPer20Seconds },
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    options: Object.fromEntries(known) as SandboxOptions,
    json: values.json ?? false,
    exitWithStdin: values["exit-with-stdin"] ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function explain(
  error: NodeJS.ErrnoException,
  { host = "127.0.0.1", port }: SandboxOptions,
): { code: number; message: string } {
  if (error instanceof RangeError && error.code === undefined) {
    return { code: 2, message: `--${error.message}; see bizops-sandbox --help` };
  }
  if (error.code === "EADDRINUSE") {
    const message = `port ${port} on ${host} is in use; choose another with --port, or --port 0 for any free one`;
    return { code: 4, message };
  }
  return { code: 4, message: `cannot listen on ${host} port ${port}: ${error.message}` };
}

function untilToldToEnd(io: CommandIo, exitWithStdin: boolean): Promise<number> {
  return new Promise((resolve) => {
    io.onSignal("SIGINT", () => resolve(130));
    io.onSignal("SIGTERM", () => resolve(143));
    if (!exitWithStdin) return;
    io.stdin.on("end", () => resolve(0));
    io.stdin.on("close", () => resolve(0));
    io.stdin.resume();
  });
}

function announceJson({ url, port, credentials, zuora, marketo, world }: Sandbox): string {
  const { seed, size, step } = world;
  const control = `${url}/sandbox`;
  const announced = { url, port, control, seed, size, step, credentials, zuora, marketo };
  return `${JSON.stringify(announced)}\n`;
}

function announce({ url, credentials, zuora, marketo, world }: Sandbox): string {
  return `Sandbox listening on ${url}
  company    seed ${world.seed}, about ${world.size} rows, clock at ${new Date(world.now).toISOString()}
  Salesforce username ${credentials.username}, password ${credentials.password}, token ${credentials.securityToken}
             client id ${credentials.clientId}, secret ${credentials.clientSecret}, refresh token ${credentials.refreshToken}
  Zuora      username ${zuora.credentials.username}, password ${zuora.credentials.password}
             client id ${zuora.credentials.clientId}, secret ${zuora.credentials.clientSecret}
  Marketo    client id ${marketo.credentials.clientId}, secret ${marketo.credentials.clientSecret}
  control    ${url}/sandbox

Move its clock on by a day:
  curl -X POST ${url}/sandbox/advance -d '{"steps": 1}'
Log in:
  curl ${url}/services/oauth2/token -d grant_type=client_credentials -d client_id=${credentials.clientId} -d client_secret=${credentials.clientSecret}
`;
}
