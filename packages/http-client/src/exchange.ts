/** One request and its whole answer, over axios; nothing of axios leaves this file. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type JsonValue, parseJson } from "@bizops/singer";
import axios from "axios";

/** Header names are in lower case. */
export type HttpHeaders = { readonly [name: string]: string };

/** An answer whose body has arrived whole. */
export interface RawResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
  /** The body as JSON, parsed once; undefined if it is none. */
  json(): JsonValue | undefined;
}

/** No whole answer: the code Node or axios gave, or `TIMEOUT`. */
export interface ConnectionFailure {
  readonly failure: string;
}

/** What goes over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: HttpHeaders;
  /** Headers that may not follow a redirect to another host. */
  readonly secretHeaders: readonly string[];
  readonly body: string | undefined;
  /** For everything from the connection to the body's last byte. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * @returns the answer, whatever its status, or how the connection failed
 * @throws the signal's reason once it is aborted
 */
export async function exchange(request: Exchange): Promise<RawResponse | ConnectionFailure> {
  const { signal } = request;
  signal.throwIfAborted();
  // axios' own timeout starts anew with each packet, so a body that drips would never end.
  const abort = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    abort.abort();
  }, request.timeoutSeconds * 1000);
  const onAbort = () => abort.abort();
  signal.addEventListener("abort", onAbort);
  try {
    const response = await axios.request<Buffer>({
      adapter: "http",
      method: request.method,
      url: request.url,
      headers: { "Accept-Encoding": "gzip", ...request.headers },
      data: request.body,
      signal: abort.signal,
      responseType: "arraybuffer",
      // Both would otherwise touch the body; singer's JSON keeps the digits axios would lose.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      // axios unpacks what it gets of a gzip body that broke off, and calls that good.
      decompress: false,
      validateStatus: () => true,
      maxRedirects: 3,
      maxContentLength: Number.POSITIVE_INFINITY,
      maxBodyLength: Number.POSITIVE_INFINITY,
      beforeRedirect: (options) => keepSecretsHome(options, request),
    });
    const text = await readText(response.data, response.headers["content-encoding"]);
    return toRawResponse(response.status, response.headers, text);
  } catch (error) {
    signal.throwIfAborted();
    return { failure: timedOut ? "TIMEOUT" : codeOf(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function keepSecretsHome(
  options: { href?: string; headers?: { [name: string]: unknown } },
  { url, secretHeaders }: Exchange,
): void {
  if (new URL(options.href ?? "", url).origin === new URL(url).origin) return;
  const secret = new Set(secretHeaders.map((name) => name.toLowerCase()));
  for (const name of Object.keys(options.headers ?? {})) {
    if (secret.has(name.toLowerCase())) delete options.headers![name];
  }
}

const unpackGzip = promisify(gunzip);

async function readText(body: Buffer, encoding: unknown): Promise<string> {
  const isPacked = body.length > 0 && encoding === "gzip";
  const text = (isPacked ? await unpackGzip(body) : body).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function toRawResponse(status: number, rawHeaders: object, text: string): RawResponse {
  const headers = Object.fromEntries(
    Object.entries(rawHeaders).map(([name, value]) => [
      name.toLowerCase(),
      [value].flat().join(", "),
    ]),
  );
  let parsed: { value: JsonValue | undefined } | undefined;
  return {
    status,
    headers,
    text,
    json() {
      parsed ??= { value: parseOrUndefined(text) };
      return parsed.value;
    },
  };
}

function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The code alone: an axios error's config holds the Authorization header and the query. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  // axios covers the reset of a body under a code of its own.
  if (code === "ERR_BAD_RESPONSE") return "ECONNRESET";
  const found = [code, cause?.code].find((each) => typeof each === "string");
  return found === undefined ? "UNKNOWN" : String(found);
}
