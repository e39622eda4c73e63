/** What an answer, or the lack of one, means: good, try again, log in anew, or a failure. Pure. */
import {
  AuthError,
  ConfigError,
  ContractError,
  SingerError,
  UnavailableError,
} from "@bizops/singer";
import type { ConnectionFailure, RawResponse } from "./exchange.ts";

/** The meaning of one attempt. */
export type Verdict =
  | { readonly kind: "ok" }
  | { readonly kind: "renew"; readonly exhausted: SingerError }
  | {
      readonly kind: "retry";
      readonly reason: string;
      /** Whether the source may already have done what was asked. */
      readonly maybeProcessed: boolean;
      readonly retryAfter?: string;
      /** Thrown when no attempt is left. */
      readonly exhausted: SingerError;
    }
  | { readonly kind: "fail"; readonly error: SingerError };

/**
 * A vendor's reading of an answer, where status codes do not tell. `retry` is tried again whatever the
 * method, so it must mean that the request was not carried out or may safely be repeated.
 */
export type Classify = (
  response: RawResponse,
  /** Method, URL template, status and request id, for the text of an error. */
  answered: string,
) => undefined | { action: "retry" | "renew"; reason: string } | SingerError;

const retriedStatuses = new Set([429, 500, 502, 503, 504]);

/** Codes of Node, axios and zlib under which no whole answer came, and the same may work next time. */
const retriedFailures = new Set([
  "TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
  "HPE_INVALID_EOF_STATE",
  "Z_BUF_ERROR",
]);

/** Codes under which no connection came about, so nothing can have been processed. */
const neverConnected = new Set(["ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

/**
 * @param what method and URL template, for messages; never the URL itself, whose query may hold secrets
 * @param expectJson whether a body that is not JSON is a broken answer
 */
export function classifyResponse(
  response: RawResponse,
  what: string,
  expectJson: boolean,
  classify?: Classify,
): Verdict {
  const { status } = response;
  const answered = `${what} answered ${status}${requestId(response)}`;
  const vendor = classify?.(response, answered);
  if (vendor instanceof SingerError) return { kind: "fail", error: vendor };
  if (vendor?.action === "renew") return renew(`${answered}: ${vendor.reason}`);
  if (vendor?.action === "retry") {
    return {
      kind: "retry",
      reason: vendor.reason,
      maybeProcessed: false,
      ...retryAfterOf(response),
      exhausted: new UnavailableError(`${answered}: ${vendor.reason}`),
    };
  }
  if (status === 401) return renew(answered);
  if (retriedStatuses.has(status)) {
    return {
      kind: "retry",
      reason: String(status),
      maybeProcessed: status !== 429,
      ...retryAfterOf(response),
      exhausted: new UnavailableError(answered),
    };
  }
  if (status === 403) {
    return { kind: "fail", error: new AuthError(`${answered}: the credentials lack a privilege`) };
  }
  if (status >= 500) return { kind: "fail", error: new UnavailableError(answered) };
  if (status < 200 || status > 299) return { kind: "fail", error: new ContractError(answered) };
  if (expectJson && status !== 204 && response.json() === undefined) {
    return {
      kind: "retry",
      reason: "broken JSON",
      maybeProcessed: true,
      exhausted: new ContractError(`${answered} with a body that is not JSON`),
    };
  }
  return { kind: "ok" };
}

/** @param timeoutSeconds for the message */
export function classifyFailure(
  { failure }: ConnectionFailure,
  what: string,
  timeoutSeconds: number,
): Verdict {
  const cause = Object.assign(new Error(failure), { code: failure });
  if (failure === "ERR_INVALID_URL") {
    return { kind: "fail", error: new ConfigError(`${what}: the address is not a URL`, { cause }) };
  }
  const text =
    failure === "TIMEOUT"
      ? `${what}: no complete answer within ${timeoutSeconds} s`
      : `${what}: no answer (${failure})`;
  const error = new UnavailableError(text, { cause });
  if (!retriedFailures.has(failure)) return { kind: "fail", error };
  return {
    kind: "retry",
    reason: failure,
    maybeProcessed: !neverConnected.has(failure),
    exhausted: error,
  };
}

function renew(text: string): Verdict {
  return {
    kind: "renew",
    exhausted: new AuthError(`${text}: the credentials were refused`),
  };
}

function retryAfterOf({ headers }: RawResponse): { retryAfter?: string } {
  const value = headers["retry-after"];
  return value === undefined ? {} : { retryAfter: value };
}

/** The vendor's name for this request, which its support asks for. */
function requestId({ headers }: RawResponse): string {
  const id = headers["x-request-id"] ?? headers["sfdc-request-id"] ?? headers["request-id"];
  // Anything longer or odder is not an id and might repeat what we sent.
  return id !== undefined && /^[\w.:-]{1,64}$/.test(id) ? ` (request id ${id})` : "";
}
