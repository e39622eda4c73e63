/** The HTTP client of every connector: authentication, rate limit, quota, retry, metrics, lossless JSON. */
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type JsonValue, type Log, renderJson } from "@bizops/singer";
import type { Authenticator, Credentials } from "./authentication.ts";
import { type Classify, classifyFailure, classifyResponse } from "./classify-response.ts";
import {
  type ConnectionFailure,
  type Exchange,
  exchange,
  exchangeToFile,
  type HttpHeaders,
  type RawResponse,
} from "./exchange.ts";
import { createRateLimiter, type RateLimit } from "./rate-limit.ts";
import { decideRetry } from "./retry.ts";
import { openSpoolFile } from "./spool-file.ts";
import { createQuotaMeter, type UsageQuota } from "./usage-quota.ts";

export interface HttpClientOptions {
  /** Relative URLs are resolved against it, unless the credentials bring their own. */
  readonly baseUrl?: string;
  readonly authenticator?: Authenticator;
  readonly maxRetries: number;
  /** For one attempt, from the connection to the body's last byte. */
  readonly timeoutSeconds: number;
  readonly userAgent?: string;
  readonly rateLimit?: RateLimit;
  readonly quota?: UsageQuota;
  readonly classify?: Classify;
  readonly log: Log;
  /** Ends waits and requests at once. */
  readonly signal: AbortSignal;
  /** The clock and the dice, for tests. */
  readonly sleep?: (seconds: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly now?: () => number;
}

/** How the body is read. */
export type Parse = "json" | "text" | "none";

export interface HttpRequest<P extends Parse = Parse> {
  /** Default: GET. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute, or a path below the base URL. */
  readonly url: string;
  /** The URL without values, for logs, metrics and errors: `/v1/users/{id}`. */
  readonly template: string;
  readonly params?: { readonly [name: string]: string | number | boolean | undefined };
  readonly headers?: { readonly [name: string]: string };
  /** Text and bytes are sent as they are, form fields url-encoded, anything else as JSON. */
  readonly body?: string | Buffer | URLSearchParams | JsonValue;
  readonly parse: P;
  /** Whether repeating it is harmless. Default: only for GET. */
  readonly idempotent?: boolean;
}

export interface HttpResponse<P extends Parse = Parse> {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly data: P extends "json" ? JsonValue : P extends "text" ? string : undefined;
}

/** What to fetch into a file. */
export interface DownloadRequest extends Omit<HttpRequest, "parse"> {
  /** The source gives parts of it, so one that breaks off goes on where it stopped. Default: it starts anew. */
  readonly ranged?: boolean;
}

/** A whole answer in a private file that has no name any more; nothing is left of it whatever ends us. */
export interface Download {
  readonly headers: HttpHeaders;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Reads it from the start. */
  open(): Readable;
  /** In lower-case hex. */
  sha256(): Promise<string>;
  /** Frees the disk. */
  close(): Promise<void>;
}

export interface HttpClient {
  /**
   * @returns an answer with a 2xx status
   * @throws AuthError, UnavailableError, QuotaError, ContractError or what `classify` made of the answer;
   *   their texts name method, URL template and status, never the query, a header or a body
   */
  request<P extends Parse>(request: HttpRequest<P>): Promise<HttpResponse<P>>;
  /**
   * Fetches an answer as fast as it comes, so that a slow reader of ours does not hold the source's connection.
   * @throws as `request` does, and UnavailableError if there is no room in the temporary folder
   */
  download(request: DownloadRequest): Promise<Download>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { authenticator, maxRetries, timeoutSeconds, log, signal } = options;
  const { sleep = sleepUnlessAborted, random = Math.random, now = Date.now } = options;
  const reserve = options.rateLimit && createRateLimiter(options.rateLimit);
  const quota = options.quota && createQuotaMeter(options.quota);

  const attemptOnce = async (
    request: HttpRequest,
    credentials: Credentials | undefined,
    perform: typeof exchange,
  ) => {
    const seconds = reserve?.(now()) ?? 0;
    if (seconds > 0) await sleep(seconds, signal);
    quota?.spend();
    const { body, contentType } = renderBody(request.body);
    const baseUrl = credentials?.baseUrl ?? options.baseUrl;
    const url = resolveUrl(request, baseUrl);
    const own = { ...(isAtHome(url, baseUrl) && credentials?.headers), ...request.headers };
    const started = performance.now();
    const outcome = await perform({
      method: request.method ?? "GET",
      url,
      headers: {
        ...(options.userAgent && { "User-Agent": options.userAgent }),
        ...(contentType && { "Content-Type": contentType }),
        ...own,
      },
      secretHeaders: Object.keys(own),
      body,
      timeoutSeconds,
      signal,
    });
    if (!isFailure(outcome)) quota?.learn(outcome.headers);
    measure(log, request.template, outcome, (performance.now() - started) / 1000);
    return outcome;
  };

  /** Attempts until one is good. */
  const insist = async (request: HttpRequest, perform: typeof exchange): Promise<RawResponse> => {
    const what = `${request.method ?? "GET"} ${request.template}`;
    const idempotent = request.idempotent ?? (request.method ?? "GET") === "GET";
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const credentials = await authenticator?.authorize();
      const outcome = await attemptOnce(request, credentials, perform);
      const verdict = isFailure(outcome)
        ? classifyFailure(
            outcome,
            `${what}${hostOf(request, credentials, options)}`,
            timeoutSeconds,
          )
        : classifyResponse(outcome, what, request.parse === "json", options.classify);

      if (verdict.kind === "ok") return outcome as RawResponse;
      if (verdict.kind === "fail") throw verdict.error;
      if (verdict.kind === "renew") {
        if (renewed || authenticator?.renew === undefined) throw verdict.exhausted;
        renewed = true;
        log.info("the session was refused, logging in again", { url: request.template });
        await authenticator.renew(credentials!);
        continue;
      }
      const facts = { attempt, maxRetries, idempotent, random: random(), now: now() };
      const next = decideRetry(verdict, facts);
      if (next.action === "fail") throw next.error;
      log.warning("a request failed and is tried again", {
        url: request.template,
        reason: verdict.reason,
        attempt,
        wait_seconds: Math.round(next.seconds * 1000) / 1000,
      });
      await sleep(next.seconds, signal);
    }
  };

  return {
    async request<P extends Parse>(request: HttpRequest<P>) {
      return readResponse(await insist(request, exchange), request.parse);
    },
    async download({ ranged = false, ...request }) {
      const file = await openSpoolFile();
      try {
        const perform = (each: Exchange) => exchangeToFile(each, file, ranged);
        const { headers, text } = await insist({ ...request, parse: "none" }, perform);
        if (text !== "") await file.append(Buffer.from(text));
        const { size, open, sha256, close } = file;
        return { headers, size, open, sha256, close };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
  };
}

/** Where there is no answer people want to know from whom. */
function hostOf(
  { url }: HttpRequest,
  credentials: Credentials | undefined,
  { baseUrl }: HttpClientOptions,
): string {
  const base = credentials?.baseUrl ?? baseUrl;
  const address = URL.canParse(url) ? url : base;
  return address !== undefined && URL.canParse(address) ? ` at ${new URL(address).host}` : "";
}

function isFailure(outcome: RawResponse | ConnectionFailure): outcome is ConnectionFailure {
  return "failure" in outcome;
}

function measure(
  log: Log,
  endpoint: string,
  outcome: RawResponse | ConnectionFailure,
  seconds: number,
): void {
  const status = isFailure(outcome) ? outcome.failure : outcome.status;
  const succeeded = typeof status === "number" && status < 400;
  log.metric({
    type: "timer",
    metric: "http_request_duration",
    value: seconds,
    tags: { endpoint, http_status_code: status, status: succeeded ? "succeeded" : "failed" },
  });
}

function readResponse<P extends Parse>(response: RawResponse, parse: P): HttpResponse<P> {
  const { status, headers, text } = response;
  const data = { json: () => response.json() ?? null, text: () => text, none: () => undefined };
  return { status, headers, data: data[parse]() as HttpResponse<P>["data"] };
}

function resolveUrl({ url, params = {} }: HttpRequest, baseUrl: string | undefined): string {
  const isAbsolute = /^https?:\/\//i.test(url);
  const joined =
    isAbsolute || baseUrl === undefined
      ? url
      : `${baseUrl.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
  // Not left to axios, which sends `+`, `:` and `,` in its own spelling.
  const query = Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
  return query === "" ? joined : `${joined}${joined.includes("?") ? "&" : "?"}${query}`;
}

/** A link in an answer may lead to another host; the credentials stay with the one they are for. */
function isAtHome(url: string, baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return true;
  return URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin;
}

function renderBody(body: HttpRequest["body"]): {
  body: string | Buffer | undefined;
  contentType?: string;
} {
  if (body === undefined || typeof body === "string" || Buffer.isBuffer(body)) return { body };
  if (body instanceof URLSearchParams) {
    return { body: body.toString(), contentType: "application/x-www-form-urlencoded" };
  }
  return { body: renderJson(body), contentType: "application/json" };
}

async function sleepUnlessAborted(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(seconds * 1000, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
