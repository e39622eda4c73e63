/** The server: listens, reads calls, answers them, and closes at once when told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { makeControlApi } from "./control/control-api.ts";
import { type Fault, makeFaults } from "./control/faults.ts";
import { makeRequestLog } from "./control/request-log.ts";
import { type Call, jsonReply, type Reply } from "./http/exchange.ts";
import { makeRouter } from "./http/routes.ts";
import { sendReply, sendThenReset, sendTruncated } from "./http/send-reply.ts";
import type { MarketoCredentials } from "./marketo/api/tokens.ts";
import { type MarketoOptions, makeMarketo } from "./marketo/marketo-vendor.ts";
import type { Credentials } from "./salesforce/api/credentials.ts";
import { makeSalesforce, type SalesforceOptions } from "./salesforce/salesforce-vendor.ts";
import type { Vendor } from "./vendor.ts";
import { createWorld, type World } from "./world/world.ts";
import type { ZuoraCredentials } from "./zuora/credentials.ts";
import { makeZuora } from "./zuora/zuora-vendor.ts";

/** The vendor answers 414 or 431 to a URI and headers longer than this together. */
const LARGEST_HEAD = 16_384;

export interface SandboxOptions extends SalesforceOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly seed?: number;
  /** Rows over all objects, roughly; default 5,000. */
  readonly size?: number;
  /** Days the clock stands past 2026-06-30; default 0. */
  readonly step?: number;
  /** Seconds until a session ends by itself; default 7,200. */
  readonly sessionSeconds?: number;
  /** API calls a day; default 100,000. The day ends when the sandbox does. */
  readonly apiLimit?: number;
  readonly marketo?: MarketoOptions;
  /** Serves https with this certificate and its key, as PEM; default: http. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** The world as it stands; a new one after each advance. */
  readonly world: World;
  readonly credentials: Credentials;
  readonly marketo: { readonly url: string; readonly credentials: MarketoCredentials };
  readonly zuora: { readonly url: string; readonly credentials: ZuoraCredentials };
  /** Stops listening and breaks what is under way. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox and resolves when it listens.
 * @throws the system's error if it cannot listen (`EADDRINUSE`, `EACCES`), RangeError for a bad size or step
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", port = 0, sessionSeconds = 7200, apiLimit = 100_000 } = options;
  let world = createWorld(options);
  let url = "";
  const context = { world: () => world, baseUrl: () => url, sessionSeconds, apiLimit };
  const salesforce = makeSalesforce(context, options);
  const zuora = makeZuora(context);
  const marketo = makeMarketo(context, options.marketo);
  const vendors: readonly Vendor[] = [salesforce, zuora, marketo];
  const faults = makeFaults();
  const log = makeRequestLog();
  const control = makeControlApi({
    ...context,
    vendors,
    faults,
    log,
    advance: (days) => {
      world = createWorld({ seed: world.seed, size: world.size, step: world.step + days });
    },
  });
  const findRoute = makeRouter(vendors.flatMap(({ routes }) => routes));
  const findControl = makeRouter(control);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    if (call.path === "/sandbox" || call.path.startsWith("/sandbox/")) {
      return sendReply(request, response, run(findControl, salesforce, call));
    }
    const vendor = vendors.find(({ roots }) => roots.includes(rootOf(call))) ?? salesforce;
    const found = findRoute(call.method, call.path);
    log.note(call.method, typeof found === "object" && found ? found.route.template : call.path);
    const fault = faults.strike(call.method, request.url ?? "");
    if (!fault) return sendReply(request, response, run(findRoute, vendor, call));
    return strike(fault, request, response, call, () => run(findRoute, vendor, call), vendor);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => failAnswer(response, error));
  };
  const { tls } = options;
  const server = tls
    ? createTlsServer(
        { maxHeaderSize: LARGEST_HEAD, cert: tls.certificate, key: tls.key },
        listener,
      )
    : createServer({ maxHeaderSize: LARGEST_HEAD }, listener);
  server.keepAliveTimeout = 60_000;
  const listeningOn = await listen(server, host, port);
  url = `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${listeningOn}`;
  return {
    url,
    port: listeningOn,
    credentials: salesforce.credentials,
    marketo: { url, credentials: marketo.credentials },
    zuora: { url, credentials: zuora.credentials },
    get world() {
      return world;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", "http://localhost");
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Call["headers"],
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function rootOf({ path }: Call): string {
  return path.split("/", 2)[1] ?? "";
}

function run(find: ReturnType<typeof makeRouter>, vendor: Vendor, call: Call): Reply {
  const found = find(call.method, call.path);
  if (found === null) return vendor.notFound();
  if (found === "method") return vendor.methodNotAllowed(call.method);
  return found.route.answer(call, found.params);
}

async function strike(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  call: Call,
  proceed: () => Reply,
  vendor: Vendor,
): Promise<void> {
  switch (fault.kind) {
    case "status": {
      const body = fault.body ?? vendor.failureBody();
      const headers = { "content-type": "application/json;charset=UTF-8", ...fault.headers };
      return sendReply(request, response, { status: fault.status, headers, body });
    }
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "reset-mid-body":
      return sendThenReset(response, proceed(), fault.afterBytes);
    case "truncate":
      return sendTruncated(response, proceed(), fault.afterBytes);
    case "slow":
      await delay(fault.delayMs, undefined, { ref: false });
      return sendReply(request, response, proceed());
    case "expire-session":
      vendor.expireSessions(call);
      return sendReply(request, response, proceed());
    case "quota":
      return sendReply(request, response, vendor.quotaSpent());
  }
}

/** A bug here must look like one to the client, not like an answer of the vendor. */
function failAnswer(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const reply = jsonReply(500, [{ errorCode: "UNKNOWN_EXCEPTION", message }]);
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}
